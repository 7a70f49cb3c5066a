import { vmStates } from '../../../contracts/compute/vm-states.ts';
import { mostReasonCharacters } from './status-reason.ts';
import type { VmRecord } from './vm.ts';

/** What the reconciler knows of the machines of one credential in one region. Times are ISO 8601. */
export interface GroupObservation {
  /** When the provider last listed them; null while it never has. */
  at: string | null;
  /** Since when it can't be asked, and why: a `status_reason`. */
  failing_since?: string;
  reason?: string;
  /** VMs whose machine the last list did not show, and since when. */
  unseen?: Record<string, string>;
  /** What VMs at rest have to say of their machines beside their status: a `status_reason` each. */
  reasons?: Record<string, string>;
  /** Machines of ours without a VM, which may have an item of their own. */
  orphans?: string[];
  /** Since when there has been nothing at all. */
  empty_since?: string;
}

/** Of a workspace, by group. */
export type Observation = Readonly<Record<string, GroupObservation>>;

type Grouped = Pick<VmRecord, 'credential_id' | 'region'>;

export const groupOf = ({ credential_id, region }: Grouped): string => `${credential_id}#${region}`;

/** Whether a look that began then says how the VM is: what was changed since, the look came too early for. */
export const isNewsOf = ({ updated_at }: Pick<VmRecord, 'updated_at'>, at: Date): boolean =>
  updated_at < at.toISOString();

const notObserved = ({ failing_since: since, reason }: GroupObservation) =>
  since === undefined ? null : `NOT_OBSERVED: since ${since}: ${reason ?? 'UNKNOWN'}`.slice(0, mostReasonCharacters);

/**
 * The VM with what the last look at its group says of it, which stands beside the VMs so that a look costs one write for all of them. While
 * nobody can look, a VM at rest says so in `status_reason`, and its `observed_at` grows old; so does one whose machine is not what its status has it.
 */
export function withObservation(vm: VmRecord, observation: Observation): VmRecord {
  const group = observation[groupOf(vm)];
  if (group === undefined || vm.instance_id === null) return vm;
  const before = vm.observed_at ?? vm.launched_at ?? '';
  const isShown = group.at !== null && group.at > before && group.unseen?.[vm.id] === undefined;
  const atRest = vmStates[vm.status].busy === undefined;
  return {
    ...vm,
    observed_at: isShown ? group.at : vm.observed_at,
    status_reason: vm.status_reason ?? (atRest ? (notObserved(group) ?? group.reasons?.[vm.id] ?? null) : null),
  };
}
