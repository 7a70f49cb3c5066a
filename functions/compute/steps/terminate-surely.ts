import { ProviderError } from '../domain/provider-error.ts';
import type { Provider } from '../providers/provider.ts';
import { isNew, type KnownMachine } from './observe-machine.ts';
import { assertSameAccount } from './same-account.ts';
import type { StepDependencies } from './step.ts';

const pauseMs = 2_000;
/** For how long a launch whose answer was lost is looked for. */
const searchForMs = 20_000;

type Uses = Pick<StepDependencies, 'now' | 'pause'>;

/** "There is none" is no answer for a machine so new that the provider may not know it yet, nor by the credential of another account. */
export async function terminateSurely(
  provider: Provider,
  { id, launchedAt, account }: KnownMachine,
  { now, pause }: Uses,
): Promise<void> {
  for (;;) {
    try {
      return await provider.terminate(id);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.name !== 'MachineGone') throw error;
      if (!isNew(launchedAt, now())) return await assertSameAccount(provider, account);
      await pause(pauseMs);
    }
  }
}

/** The machines of a launch whose answer was lost; they may take a while to show. */
export async function findLaunched(provider: Provider, vmId: string, { now, pause }: Uses): Promise<string[]> {
  const until = now().getTime() + searchForMs;
  for (;;) {
    const machines = await provider.find(vmId);
    if (machines.length > 0 || now().getTime() + pauseMs > until) return machines.map(({ id }) => id);
    await pause(pauseMs);
  }
}
