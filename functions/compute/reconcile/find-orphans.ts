import { vmStates } from '../../../contracts/compute/vm-states.ts';
import { groupOf, isNewsOf, type Observation } from '../domain/observation.ts';
import type { VmRecord } from '../domain/vm.ts';
import { isDead, type TaggedMachine } from '../providers/provider.ts';
import type { Look } from './look.ts';

/** Most orphans of a group that are kept at a time. The rest appear once some are gone. */
const mostOrphans = 100;

interface Uses {
  /** The last looks, with the orphans that they knew. */
  before: Observation;
  /** When VMs were deleted, of those of these ids that were, by id. */
  findDeleted: (vmIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Machines that have been ended since. */
  ended: ReadonlySet<string>;
}

/**
 * Of each look the machines that live and are no VM's: its VM is gone, or has another machine, or gave up waiting for this one. A busy VM's workflow
 * may be about to adopt or to end what it made, and what became of a VM since the look began the look does not show: the machine of such a
 * VM is listed if it was before, and else left to the next look. Nobody ends them unasked: they may be somebody's.
 */
export async function findOrphans(
  looks: readonly Look[],
  vms: readonly VmRecord[],
  { before, findDeleted, ended }: Uses,
): Promise<Map<Look, TaggedMachine[]>> {
  const owned = new Set([...ended, ...vms.map(({ instance_id }) => instance_id)]);
  const byId = new Map(vms.map((vm) => [vm.id, vm]));
  const candidates = looks.map((look) => {
    const machines = look.machines.filter((machine) => !isDead(machine) && !owned.has(machine.id));
    // Two credentials of one account show the same machines.
    for (const { id } of machines) owned.add(id);
    return { look, machines };
  });
  const isKnown = ({ group }: Look, { id }: TaggedMachine) => before[groupOf(group)]?.orphans?.includes(id) === true;
  const without = candidates.flatMap(({ look, machines }) =>
    machines.filter((machine) => !byId.has(machine.vmId) && !isKnown(look, machine)).map(({ vmId }) => vmId),
  );
  const deleted = without.length === 0 ? new Map<string, string>() : await findDeleted([...new Set(without)]);
  /** Whether the look says how its VM stands by now. */
  const isSettled = (vmId: string, { at }: Look) => {
    const vm = byId.get(vmId);
    if (vm === undefined) return (deleted.get(vmId) ?? '') < at.toISOString();
    return vmStates[vm.status].busy === undefined && isNewsOf(vm, at);
  };
  return new Map(
    candidates.map(({ look, machines }) => {
      const orphans = machines.filter((machine) => isKnown(look, machine) || isSettled(machine.vmId, look));
      return [look, orphans.slice(0, mostOrphans)];
    }),
  );
}
