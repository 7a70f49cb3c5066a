import { mayHaveMachine, noMachine, type VmRecord } from '../domain/vm.ts';
import type { Step } from './step.ts';
import { endMachines } from './terminate-machine.ts';

const whatCameOf = (vm: VmRecord, ended: readonly string[]) => {
  if (ended.length > 0) return `ended ${ended.join(', ')}`;
  return mayHaveMachine(vm) ? 'no machine shows; one that does later is ended' : 'there was no machine';
};

/**
 * Ends what the launch made; nothing, where it made nothing. First the creation is given up on record: a launch that is still on its way
 * then ends its machine by itself. A machine that was ended is off the record. One that was looked for and not found may show yet, so the
 * record keeps saying that there may be one: the reconciler ends it, and the VM's deletion looks again.
 */
export const undoLaunch: Step = async (_before, call) => {
  const { vms, run, now, event } = call;
  await vms.note(run, { given_up: true }, now());
  const vm = await vms.load(run);
  if (vm === undefined) return undefined;
  const ended = await endMachines(vm, call);
  if (ended.length > 0 && !(await vms.note(run, noMachine, now()))) return undefined;
  await vms.addEvent(run, event('undone', whatCameOf(vm, ended)));
  return undefined;
};
