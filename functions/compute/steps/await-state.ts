import { awaitedForMs } from '../domain/busy.ts';
import { ProviderError } from '../domain/provider-error.ts';
import { isDead, type Machine, type MachineState } from '../providers/provider.ts';
import { machineGone, machineOf, noMachine, observeMachine } from './observe-machine.ts';
import type { Sighting, Step } from './step.ts';
import { StepError } from './step-error.ts';

/** A try; with two retries a machine has as long to get there as a VM is busy. */
const waitForMs = 180_000;
const longestPauseMs = 5_000;

/** Whether it is there; throws where it never will be. */
function hasReached(goal: 'on' | 'off' | 'gone', machine: Machine, before: MachineState | undefined): boolean {
  if (machine.state === goal) return true;
  if (goal === 'gone') return false;
  if (isDead(machine)) throw machineGone(machine);
  // `off` right after a start may be yesterday's news; after `booting` it is a machine that could not boot.
  const fellBack = goal === 'on' && before === 'booting' && (machine.state === 'off' || machine.state === 'halting');
  if (fellBack) throw new ProviderError('ProviderRefused', machine.reason ?? 'the machine stopped as it was booting');
  return false;
}

/** Asks the provider until the machine is where it should be: a poll here costs no transition of the state machine. */
export const awaitState =
  (goal: 'on' | 'off' | 'gone'): Step =>
  async (vm, { connect, now, pause, vms, run, event }) => {
    const { instance_id: id } = vm;
    if (id === null) {
      if (goal === 'gone') return undefined;
      throw noMachine();
    }
    const provider = await connect(vm);
    const end = Date.parse(vm.busy_since ?? vm.updated_at) + awaitedForMs;
    const until = Math.min(now().getTime() + waitForMs, end);
    let before: MachineState | undefined;
    for (let tries = 0; ; tries += 1) {
      const machine = await observeMachine(provider, machineOf(id, vm), now());
      if (hasReached(goal, machine, before)) {
        await vms.addEvent(run, event('succeeded'));
        return sightingOf(machine, now());
      }
      if (machine.state !== 'unknown') before = machine.state;
      const wait = Math.min(longestPauseMs, 500 * 2 ** tries);
      if (now().getTime() + wait > until)
        throw new StepError(
          until < end ? 'StillBusy' : 'AwaitedInVain',
          `the machine is ${before ?? machine.state} still`,
        );
      await pause(wait);
    }
  };

const sightingOf = ({ publicIp, privateIp }: Machine, at: Date): Sighting => ({
  public_ip: publicIp,
  private_ip: privateIp,
  observed_at: at.toISOString(),
});
