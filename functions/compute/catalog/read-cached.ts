import type { Cache, Lifetime } from '../../platform/cache/index.ts';
import { ProviderError } from '../domain/provider-error.ts';

interface Asked<Rows> {
  rows: Rows;
  lifetime: Lifetime;
}

/** The rows while they are fresh, else as `ask` answers; old ones where the provider does not answer just now. */
export async function readCached<Rows>(
  cache: Cache<Rows>,
  key: string,
  ask: () => Promise<Asked<Rows>>,
): Promise<Rows> {
  const { entries, generation } = await cache.look([key]);
  const entry = entries.get(key);
  if (entry?.fresh === true) return entry.value;
  try {
    const { rows, lifetime } = await ask();
    await cache.set(key, rows, lifetime, generation);
    return rows;
  } catch (error) {
    if (entry !== undefined && error instanceof ProviderError && error.isPassing) return entry.value;
    throw error;
  }
}
