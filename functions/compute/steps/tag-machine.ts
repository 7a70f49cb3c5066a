import type { VmRecord } from '../domain/vm.ts';
import type { RunInput, StepCall, StepDependencies } from './step.ts';

const mostRounds = 5;

const isDue = ({ tags_told, tags_version, instance_id, status }: VmRecord) =>
  tags_told < tags_version && instance_id !== null && status !== 'deleting';

/**
 * Tells the provider the VM's name and tags. When they change again meanwhile, what was told may have come after the newer ones: it is
 * told anew, until what was told is what is on record. Keys that it set itself and that are gone by then are taken off with the others.
 */
export async function tagMachine(
  { workspace_id: workspaceId, vm_id: vmId }: RunInput,
  event: StepCall['event'],
  { vms, connect, now }: StepDependencies,
): Promise<void> {
  const set = new Set<string>();
  let vm = await vms.find(workspaceId, vmId);
  if (vm === undefined || !isDue(vm)) return;
  for (let round = 1; vm?.instance_id != null && round <= mostRounds; round += 1) {
    const told: VmRecord = vm;
    const gone = [...new Set([...told.tags_gone, ...set])].filter((name) => !Object.hasOwn(told.tags, name));
    const provider = await connect(told);
    await provider.setTags(vm.instance_id, { name: told.name, tags: told.tags, gone });
    for (const name of Object.keys(told.tags)) set.add(name);
    if (await vms.noteTold(told, now())) {
      await vms.addEvent({ workspaceId, vmId }, event('succeeded'));
      return;
    }
    vm = await vms.find(workspaceId, vmId);
  }
}
