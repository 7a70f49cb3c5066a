import { mayHaveMachine, type VmRecord } from '../domain/vm.ts';
import { machineOf } from './observe-machine.ts';
import type { Step, StepCall } from './step.ts';
import { findLaunched, terminateSurely } from './terminate-surely.ts';

/** Ends whatever machine the VM may have, known or not; answers which. Without one the provider is not even asked. */
export async function endMachines(vm: VmRecord, call: StepCall): Promise<string[]> {
  if (!mayHaveMachine(vm)) return [];
  const provider = await call.connect(vm);
  const ids = vm.instance_id === null ? await findLaunched(provider, vm.id, call) : [vm.instance_id];
  for (const id of ids) await terminateSurely(provider, machineOf(id, vm), call);
  return ids;
}

/** For a VM that is being deleted: the machine's id stays on record, so that its end can be awaited. */
export const terminateMachine: Step = async (vm, call) => {
  const { vms, run, now, event } = call;
  const [id] = await endMachines(vm, call);
  if (vm.instance_id === null && id !== undefined && !(await vms.note(run, { instance_id: id }, now())))
    return undefined;
  await vms.addEvent(run, event('succeeded'));
  return undefined;
};
