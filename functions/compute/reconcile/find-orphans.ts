import { vmStates } from '../../../contracts/compute/vm-states.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { TaggedMachine } from '../providers/provider.ts';
import type { Look } from './look.ts';

/** What a note holds: more are shown as soon as some of these are gone. */
const mostOrphans = 100;

const isDead = ({ state }: TaggedMachine) => state === 'gone' || state === 'dying';

/**
 * Of each look the machines that live and are no VM's: its VM is gone, or has another machine, or gave up waiting for this one. A busy VM's workflow
 * may be about to adopt or to end what it made. Nobody ends them unasked: they may be somebody's, and the deletion of an
 * undone VM looks for its own.
 */
export function findOrphans(looks: readonly Look[], vms: readonly VmRecord[]): Map<Look, TaggedMachine[]> {
  const owned = new Set(vms.map(({ instance_id }) => instance_id));
  const busy = new Set(vms.filter(({ status }) => vmStates[status].busy !== undefined).map(({ id }) => id));
  const found = new Map<Look, TaggedMachine[]>();
  for (const look of looks) {
    const orphans = look.machines.filter(
      (machine) => !isDead(machine) && !owned.has(machine.id) && !busy.has(machine.vmId),
    );
    // Two credentials of one account show the same machines.
    for (const { id } of orphans) owned.add(id);
    found.set(look, orphans.slice(0, mostOrphans));
  }
  return found;
}
