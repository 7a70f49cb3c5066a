import { ProviderError } from '../domain/provider-error.ts';
import { isDead } from '../providers/provider.ts';
import { machineGone, machineOf, noMachine, observeMachine } from './observe-machine.ts';
import type { Step } from './step.ts';

/**
 * Restarts the machine; one that is off is started. A cloud shows a restarted machine as on all the while, so nothing that can be seen tells that it was
 * done: the provider's answer does, and that is noted. Where the answer or the note gets lost, it is restarted again, once more than needed rather than never.
 */
export const restartMachine: Step = async (vm, { connect, now, vms, run, event }) => {
  if (vm.instance_id === null) throw noMachine();
  if (vm.restarted === run.version) return undefined;
  const provider = await connect(vm);
  const machine = await observeMachine(provider, machineOf(vm.instance_id, vm), now());
  if (isDead(machine)) throw machineGone(machine);
  if (machine.state === 'halting') throw new ProviderError('MachineBusy', 'the machine is stopping still');
  if (machine.state === 'off') await provider.start(vm.instance_id);
  else if (machine.state !== 'booting') await provider.restart(vm.instance_id);
  await vms.note(run, { restarted: run.version }, now());
  await vms.addEvent(run, event('succeeded'));
  return undefined;
};
