import type { SQSEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventCounter } from '../../../functions/system/count-events.ts';
import { counting } from '../../../functions/system/counting.ts';
import { type Counts, countsOf } from '../../../functions/system/domain/count.ts';
import type { CountStore } from '../../../functions/system/ports.ts';

/** A store that is as atomic as the table; without its guard it counts whatever it is given. */
function createStore(guarded = true) {
  const counted = new Set<string>();
  const counts: Record<string, number> = {};
  const store: CountStore = {
    counted: async (ids) => new Set(guarded ? ids.filter((id) => counted.has(id)) : []),
    async add(ids, sum) {
      if (guarded && ids.some((id) => counted.has(id))) return false;
      for (const id of ids) counted.add(id);
      for (const [name, change] of Object.entries(sum as Counts)) counts[name] = (counts[name] ?? 0) + (change ?? 0);
      return true;
    },
    read: async () => counts,
  };
  return { store, counts };
}

const made = (id: string, thing = 'user', change = 1) => ({ type: 'thing_counted', id, thing, change });
const moved = (id: string, previous: string | null, status: string) => ({
  type: 'vm_status_changed',
  id,
  data: { vm_id: 'v', workspace_id: 'w', status, previous, timestamp: '' },
});
const batch = (...events: unknown[]) =>
  ({
    Records: events.map((detail, nth) => ({ messageId: `m${nth}`, body: JSON.stringify({ detail }) })),
  }) as unknown as SQSEvent;

let errors: unknown[];
beforeEach(() => {
  errors = [];
});
const counterOf = (counts: CountStore) =>
  createEventCounter({ counts, now: () => new Date(), log: { error: (_, details) => void errors.push(details) } });

describe('counting', () => {
  it('follows what comes and goes, and the states of VMs', async () => {
    const { store, counts } = createStore();
    const count = counterOf(store);
    await count(batch(made('1'), made('2'), made('3', 'workspace'), made('4', 'credential'), made('5', 'user', -1)));
    await count(batch(moved('6', null, 'pending'), moved('7', 'pending', 'running'), moved('8', null, 'pending')));
    await count(batch(moved('9', 'running', 'deleting'), moved('10', 'deleting', 'deleted')));
    expect(counts).toMatchObject({ users: 1, workspaces: 1, credentials: 1, vms_pending: 1 });
    expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(4);
  });

  const deliverAll = async (guarded: boolean) => {
    const { store, counts } = createStore(guarded);
    const count = counterOf(store);
    const events = Array.from({ length: 50 }, (_, nth) => made(`e${nth}`));
    // Every event 20 times, in batches that overlap, at once.
    const deliveries = Array.from({ length: 20 }, (_, round) =>
      Array.from({ length: 5 }, (__, nth) => events.slice(nth * 10, nth * 10 + 10 + (round % 5))),
    ).flat();
    await Promise.all(deliveries.map((some) => count(batch(...some))));
    return counts['users'];
  };

  it('counts each event once, delivered 20 times at once', async () => {
    expect(await deliverAll(true)).toBe(50);
    expect(errors).toEqual([]);
  });

  it('would count them again without the guard', async () => {
    expect(await deliverAll(false)).toBeGreaterThan(50);
  });

  it('gives back what is no event, alone, and all that the table did not take', async () => {
    const { store, counts } = createStore();
    const answer = await counterOf(store)(batch(made('1'), { type: 'user_changed', id: '2' }, 'nothing'));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }]);
    expect(counts['users']).toBe(1);
    const down: CountStore = { ...store, add: async () => Promise.reject(new Error('down')) };
    expect((await counterOf(down)(batch(made('7'), made('8')))).batchItemFailures).toHaveLength(2);
    expect(errors).toHaveLength(4);
  });
});

describe('what is counted', () => {
  it('is a new thing and one that is gone, behind what its context derives', () => {
    const rule = counting('user', () => [{ notify: { type: 'user_deleted', user_id: 'u' } }]);
    const types = (event: 'INSERT' | 'MODIFY' | 'REMOVE') =>
      rule({ type: 'user', event, id: 'e', at: '' }).map((effect) => 'notify' in effect && effect.notify);
    expect(types('INSERT')[1]).toEqual({ type: 'thing_counted', thing: 'user', change: 1 });
    expect(types('REMOVE')[1]).toEqual({ type: 'thing_counted', thing: 'user', change: -1 });
    expect(types('MODIFY')).toHaveLength(1);
  });

  it('is no VM that was deleted', () => {
    const event = moved('1', 'deleting', 'deleted') as Parameters<typeof countsOf>[0];
    expect(countsOf(event)).toEqual({ vms_deleting: -1 });
  });
});
