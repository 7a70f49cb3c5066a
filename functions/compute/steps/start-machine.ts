import { ProviderError } from '../domain/provider-error.ts';
import type { VmRecord } from '../domain/vm.ts';
import { isDead, type Machine, type Provider } from '../providers/provider.ts';
import { costDetails } from './cost-details.ts';
import { lookAtMachine, machineGone, machineOf, noMachine, observeMachine } from './observe-machine.ts';
import type { Step, StepCall } from './step.ts';

/** What says that the machine will never have the type, whoever asks again. */
const isFinal = (error: unknown) => error instanceof ProviderError && error.name === 'ProviderRefused';

/**
 * Gives a machine that is off the type that was asked for meanwhile, before it goes on. On record it has it once the provider has said yes; a "no" ends the
 * start, the VM keeps its type, and gives back what it held for the other. A machine that is on keeps what it has until it has been off again.
 */
async function resize(vm: VmRecord, machine: Machine, provider: Provider, call: StepCall): Promise<void> {
  const { vms, now } = call;
  if (vm.resize_to === null || vm.instance_id === null) return;
  const { instance_type: wanted } = vm.resize_to;
  if (machine.instanceType !== wanted) {
    if (machine.state === 'unknown')
      throw new ProviderError('ProviderUnavailable', 'the provider does not say whether the machine is off');
    if (machine.state !== 'off') return;
    try {
      await provider.setInstanceType(vm.instance_id, wanted);
    } catch (error) {
      if (isFinal(error)) await vms.endResize(vm, 'refused', now());
      throw error;
    }
  }
  await vms.endResize(vm, 'done', now(), await costDetails(vm, wanted, call));
}

/** Starts the machine unless it is on already, or on its way there. */
export const startMachine: Step = async (vm, call) => {
  const { connect, now, vms, run, event } = call;
  if (vm.instance_id === null) throw noMachine();
  const provider = await connect(vm);
  // Started without a look it would go on as what it was, and be on for as long as nobody stops it: another type waits for the look.
  const look = vm.resize_to === null ? observeMachine : lookAtMachine;
  const machine = await look(provider, machineOf(vm.instance_id, vm), now());
  if (isDead(machine)) throw machineGone(machine);
  if (machine.state === 'halting') throw new ProviderError('MachineBusy', 'the machine is stopping still');
  await resize(vm, machine, provider, call);
  if (machine.state === 'off' || machine.state === 'unknown') await provider.start(vm.instance_id);
  await vms.addEvent(run, event('succeeded'));
  return undefined;
};
