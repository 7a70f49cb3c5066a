import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cache, createCache } from '../../../functions/platform/cache/index.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

let now = new Date('2026-03-01T00:00:00Z');
const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1_000);
};

const newCache = (namespace: string = randomUUID()): Cache =>
  createCache({ table: backend.table, namespace, now: () => now, newId: randomUUID });

const minute = { seconds: 60 };

describe('the cache', () => {
  it('answers what was set until its time is over, and not a moment longer', async () => {
    const cache = newCache();
    await cache.set('a', { rows: [1, 'zwei', null] }, minute);
    expect(await cache.get('a')).toEqual({ rows: [1, 'zwei', null] });
    pass(59);
    expect(await cache.get('a')).toBeDefined();
    pass(1);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('shows who asks for it an old value with its date, as long as it is kept', async () => {
    const cache = newCache();
    await cache.set('a', 'old', { seconds: 60, keepSeconds: 3_600 });
    const setAt = now.toISOString();
    pass(61);
    expect((await cache.look(['a', 'b'])).entries).toEqual(
      new Map([['a', expect.objectContaining({ value: 'old', setAt, fresh: false })]]),
    );
    pass(3_600);
    expect((await cache.look(['a'])).entries.size).toBe(0);
  });

  it('forgets a key that is deleted, and the others not', async () => {
    const cache = newCache();
    await cache.set('a', 1, minute);
    await cache.set('b', 2, minute);
    await cache.delete('a');
    expect([await cache.get('a'), await cache.get('b')]).toEqual([undefined, 2]);
  });

  it('forgets all of a namespace when it is flushed, and nothing of another', async () => {
    const [cache, other] = [newCache(), newCache()];
    for (const key of ['a', 'b']) {
      await cache.set(key, key, minute);
      await other.set(key, key, minute);
    }
    await cache.flush();
    expect([await cache.get('a'), await cache.get('b'), await other.get('a')]).toEqual([undefined, undefined, 'a']);
    await cache.set('a', 'new', minute);
    expect(await cache.get('a')).toBe('new');
  });

  it('does not show after a flush what was made before it', async () => {
    const cache = newCache();
    const { generation } = await cache.look(['a']);
    await cache.flush();
    await cache.set('a', 'made from what was flushed', minute, generation);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('keeps keys apart whatever they are made of', async () => {
    const cache = newCache();
    const keys = ['a#b', 'a$23b', 'a', '#GENERATION', 'GENERATION', '한국', ' '];
    for (const key of keys) await cache.set(key, key, minute);
    for (const key of keys) expect(await cache.get(key)).toBe(key);
    await expect(cache.set('', 1, minute)).rejects.toThrow('empty key');
  });

  it('refuses what no item can hold, and says how much it is', async () => {
    const noise = Array.from({ length: 40_000 }, () => randomUUID()).join('');
    await expect(newCache().set('big', noise, minute)).rejects.toThrow(/^cannot cache big: it takes \d+ bytes/);
    await expect(newCache().set('none', undefined, minute)).rejects.toThrow('it is not JSON');
  });

  it('holds a catalog of a thousand rows in a few reads', async () => {
    const cache = newCache();
    const rows = Array.from({ length: 1_000 }, (_, n) => ({ name: `m${n}.large`, vcpus: 2, memory_mb: 8_192 }));
    await cache.set('rows', rows, minute);
    const spent = await runMetered(async (meter) => {
      expect(await cache.get('rows')).toEqual(rows);
      return { trips: meter.read('trips'), rcu: meter.read('rcu') };
    });
    expect(spent.trips).toBe(1);
    expect(spent.rcu).toBeLessThanOrEqual(4);
  });
});
