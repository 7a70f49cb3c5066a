import { key as joined } from '../table/key.ts';
import type { Item, Key, Table } from '../table/types.ts';
import { pack, unpack } from './pack.ts';
import type { Cache, Entry, Lifetime, Look } from './types.ts';

interface CacheOptions {
  table: Table;
  /** Readers of a namespace agree on the shape of its values: a new shape is a new namespace. */
  namespace: string;
  now: () => Date;
  /** Of a generation, which must never come again. */
  newId: () => string;
}

/** Before the first flush. */
const firstGeneration = '0';

/** The table sweeps expired items by itself, up to two days late; readers go by `expires_at`. */
const sweptAt = (now: Date, { seconds, keepSeconds = 0 }: Lifetime) =>
  Math.ceil(now.getTime() / 1_000) + seconds + keepSeconds;

/** The cache service: see docs/cache.md for what is kept in it. */
export function createCache<Value = unknown>({ table, namespace, now, newId }: CacheOptions): Cache<Value> {
  const pk = joined('CACHE', namespace);
  // No key of a value begins with the separator, which is escaped in them.
  const generationKey: Key = { pk, sk: joined('', 'GENERATION') };
  const keyOf = (key: string): Key => {
    if (key === '') throw new TypeError('cannot cache under an empty key');
    return { pk, sk: joined(key) };
  };

  const entryOf = (item: Item): Entry<Value> => ({
    value: unpack(item['value'] as string | Uint8Array) as Value,
    setAt: String(item['set_at']),
    expiresAt: String(item['expires_at']),
    fresh: Date.parse(String(item['expires_at'])) > now().getTime(),
  });

  async function look(keys: readonly string[]): Promise<Look<Value>> {
    const items = await table.getMany([generationKey, ...keys.map(keyOf)]);
    const bySk = new Map(items.map((item) => [item.sk, item]));
    const generation = String(bySk.get(generationKey.sk)?.['generation'] ?? firstGeneration);
    const seconds = now().getTime() / 1_000;
    const entries = keys.flatMap((key): [string, Entry<Value>][] => {
      const item = bySk.get(keyOf(key).sk);
      const lives = item !== undefined && item['generation'] === generation && Number(item['ttl']) > seconds;
      return lives ? [[key, entryOf(item)]] : [];
    });
    return { entries: new Map(entries), generation };
  }

  return {
    look,
    async get(key) {
      const entry = (await look([key])).entries.get(key);
      return entry?.fresh === true ? entry.value : undefined;
    },
    async set(key, value, lifetime, known) {
      const stored = pack(key, value);
      const generation = known ?? (await look([])).generation;
      const at = now();
      const expires_at = new Date(at.getTime() + lifetime.seconds * 1_000).toISOString();
      const times = { set_at: at.toISOString(), expires_at, ttl: sweptAt(at, lifetime) };
      await table.write({ put: { ...keyOf(key), value: stored, generation, ...times } });
    },
    async delete(key) {
      await table.write({ delete: keyOf(key) });
    },
    async flush() {
      await table.write({ put: { ...generationKey, generation: newId(), at: now().toISOString() } });
    },
  };
}
