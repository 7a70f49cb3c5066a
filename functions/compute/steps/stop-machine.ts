import { ProviderError } from '../domain/provider-error.ts';
import { isDead } from '../providers/provider.ts';
import { machineGone, machineOf, noMachine, observeMachine } from './observe-machine.ts';
import type { Step } from './step.ts';

/** Stops the machine unless it is off already, or on its way there. */
export const stopMachine: Step = async (vm, { connect, now, vms, run, event }) => {
  if (vm.instance_id === null) throw noMachine();
  const provider = await connect(vm);
  const machine = await observeMachine(provider, machineOf(vm.instance_id, vm), now());
  if (isDead(machine)) throw machineGone(machine);
  if (machine.state === 'booting') throw new ProviderError('MachineBusy', 'the machine is booting still');
  if (machine.state === 'on' || machine.state === 'unknown') await provider.stop(vm.instance_id);
  await vms.addEvent(run, event('succeeded'));
  return undefined;
};
