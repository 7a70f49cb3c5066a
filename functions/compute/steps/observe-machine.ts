import { ProviderError } from '../domain/provider-error.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { Machine, MachineState, Provider } from '../providers/provider.ts';
import { assertSameAccount } from './same-account.ts';

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

/** What a VM's record knows of its machine. */
export interface KnownMachine {
  id: string;
  launchedAt: string | null;
  account: string | null;
}

/** Of a VM that has one. */
export const machineOf = (id: string, { launched_at, account }: VmRecord): KnownMachine => ({
  id,
  launchedAt: launched_at,
  account,
});

/** How the machine is now. Throws where the provider can't say just now, or is asked about the machines of another account. */
export async function lookAtMachine(provider: Provider, known: KnownMachine, now: Date): Promise<Machine> {
  const { id, launchedAt, account } = known;
  const machine = await provider.describe(id);
  if (machine !== undefined) return machine;
  if (isNew(launchedAt, now)) return unseen(id, 'booting');
  await assertSameAccount(provider, account);
  return unseen(id, 'gone');
}

/** The same, but a provider that can't say just now has it `unknown`. */
export async function observeMachine(provider: Provider, known: KnownMachine, now: Date): Promise<Machine> {
  try {
    return await lookAtMachine(provider, known, now);
  } catch (error) {
    if (error instanceof ProviderError && error.isPassing) return unseen(known.id, 'unknown');
    throw error;
  }
}

export const machineGone = ({ reason }: Pick<Machine, 'reason'>) =>
  new ProviderError('MachineGone', reason ?? 'the machine is terminated');

export const noMachine = () => new ProviderError('MachineGone', 'the VM has no machine');
