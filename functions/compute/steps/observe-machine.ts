import { ProviderError } from '../domain/provider-error.ts';
import type { Machine, MachineState, Provider } from '../providers/provider.ts';

/**
 * EC2 is eventually consistent: a machine it has just made may be unknown to its other calls for a while, mostly a second
 * (https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html).
 */
export const unseenForMs = 60_000;

/** A machine that nobody shows is on its way for as long as it may be, and gone after that. */
export const isNew = (launchedAt: string | null, now: Date): boolean =>
  launchedAt !== null && now.getTime() - Date.parse(launchedAt) < unseenForMs;

const unseen = (id: string, state: MachineState): Machine => ({
  id,
  state,
  publicIp: null,
  privateIp: null,
  instanceType: null,
  reason: null,
});

/** How the machine is now. Throws where the provider can't say just now. */
export const lookAtMachine = async (
  provider: Provider,
  id: string,
  launchedAt: string | null,
  now: Date,
): Promise<Machine> => (await provider.describe(id)) ?? unseen(id, isNew(launchedAt, now) ? 'booting' : 'gone');

/** The same, but a provider that can't say just now has it `unknown`. */
export async function observeMachine(
  provider: Provider,
  id: string,
  launchedAt: string | null,
  now: Date,
): Promise<Machine> {
  try {
    return await lookAtMachine(provider, id, launchedAt, now);
  } catch (error) {
    if (error instanceof ProviderError && error.isPassing) return unseen(id, 'unknown');
    throw error;
  }
}

export const machineGone = ({ reason }: Pick<Machine, 'reason'>) =>
  new ProviderError('MachineGone', reason ?? 'the machine is terminated');

export const noMachine = () => new ProviderError('MachineGone', 'the VM has no machine');
