import type { Step } from './step.ts';

/** The machine is gone: so is the VM, with its share of the quota and of the credential. */
export const recordDeleted: Step = async (vm, { vms, event, now }) => {
  await vms.remove(vm, event('succeeded'), now());
  return undefined;
};
