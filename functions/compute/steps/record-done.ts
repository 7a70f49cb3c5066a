import { busyStateOf } from '../../../contracts/compute/vm-states.ts';
import type { Step } from './step.ts';

/** The workflow went well: the VM is where the state table says that its kind of work ends, with what was seen of its machine. */
export const recordDone: Step = async (vm, { vms, work, input, now, event }) => {
  const { done: status } = busyStateOf(work);
  await vms.settle(vm, { status, reason: null, details: { ...input.machine } }, event('succeeded'), now());
  return undefined;
};
