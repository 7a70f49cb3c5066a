import { type VmObservation, type VmStatus, vmStates } from '../../../contracts/compute/vm-states.ts';
import type { VmRecord } from './vm.ts';

/** As much of a machine as a VM's record repeats. */
interface Seen {
  state: string;
  publicIp: string | null;
  privateIp: string | null;
}

/** What an observation makes of a VM's record. */
export interface Correction {
  status?: VmStatus;
  status_reason?: string | null;
  public_ip?: string | null;
  private_ip?: string | null;
}

const isObservation = (state: string): state is VmObservation => state === 'on' || state === 'off' || state === 'gone';

/**
 * What the record of a VM at rest has wrong, by the state table; undefined where nothing is. A machine that is on its way somewhere is
 * looked at again when it is there. Not for a VM that is to have no machine: its creation is undone, whatever its machine does.
 */
export function judgeVm(vm: VmRecord, { state, publicIp, privateIp }: Seen): Correction | undefined {
  if (!isObservation(state)) return undefined;
  const next = vmStates[vm.status].observed[state];
  const addresses = { public_ip: publicIp, private_ip: privateIp };
  if (next !== undefined) {
    return { status: next.next, status_reason: next.reason ?? null, ...addresses };
  }
  if (state === 'gone' || (vm.public_ip === publicIp && vm.private_ip === privateIp)) return undefined;
  return addresses;
}
