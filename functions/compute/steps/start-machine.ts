import { ProviderError } from '../domain/provider-error.ts';
import { machineGone, noMachine, observeMachine } from './observe-machine.ts';
import type { Step } from './step.ts';

/** Starts the machine unless it is on already, or on its way there. */
export const startMachine: Step = async (vm, { connect, now, vms, run, event }) => {
  if (vm.instance_id === null) throw noMachine();
  const provider = await connect(vm);
  const machine = await observeMachine(provider, vm.instance_id, vm.launched_at, now());
  if (machine.state === 'gone' || machine.state === 'dying') throw machineGone(machine);
  if (machine.state === 'halting') throw new ProviderError('MachineBusy', 'the machine is stopping still');
  if (machine.state === 'off' || machine.state === 'unknown') await provider.start(vm.instance_id);
  await vms.addEvent(run.vmId, event('succeeded'));
  return undefined;
};
