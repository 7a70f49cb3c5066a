import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table, Write } from '../../../functions/platform/table/index.ts';
import { createEventCounter } from '../../../functions/system/count-events.ts';
import { createCountStore } from '../../../functions/system/store/count-store.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

/** The same events 20 times at once, in batches of ten that overlap. */
async function deliver(table: Table): Promise<Record<string, number>> {
  const store = createCountStore(table);
  const count = createEventCounter({ counts: store, now: () => new Date(), log: { error: () => undefined } });
  const events = Array.from({ length: 30 }, (_, nth) => ({
    type: 'thing_counted',
    id: `event-${nth}`,
    thing: nth % 3 === 0 ? 'workspace' : 'user',
    change: 1,
  }));
  const batches = Array.from({ length: 20 }, (_, round) =>
    [0, 10, 20].map((at) => events.slice(at, at + 6 + (round % 5))),
  ).flat();
  const whole = [0, 10, 20].map((at) => events.slice(at, at + 10));
  for (const some of [batches, whole])
    await Promise.all(
      some.map((batch) =>
        count({
          Records: batch.map((detail, nth) => ({ messageId: `m${nth}`, body: JSON.stringify({ detail }) })),
        } as never),
      ),
    );
  return (await store.read()) as Record<string, number>;
}

describe('the counters in DynamoDB', () => {
  it('hold each of 30 events once, delivered 20 times at once', async () => {
    expect(await deliver((await backend.makeTable()).table)).toEqual({ users: 20, workspaces: 10 });
  });

  it('would hold more if events were not remembered', async () => {
    const { table } = await backend.makeTable();
    const forgetful: Table = {
      ...table,
      transact: (writes: readonly Write[], token) =>
        table.transact(
          writes.filter((write) => 'update' in write),
          token,
        ),
    };
    expect((await deliver(forgetful))['users']).toBeGreaterThan(20);
  });
});
