import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  absent,
  createTable,
  createTableClient,
  equals,
  type Table,
  type Write,
} from '../../../functions/platform/table/index.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

const callers = 200;
const limit = 120;

let backend: Backend;
let table: Table;

beforeAll(async () => {
  backend = await startBackend();
  // A socket for each caller and time for all of them: what is raced is the table, not this process's queue for sockets.
  const requestHandler = { requestTimeout: 30_000, httpAgent: { maxSockets: callers } };
  const client = createTableClient({ ...backend.client, requestHandler });
  table = createTable({ client, tableName: backend.tableName, now: () => 0 });
}, 60_000);
afterAll(() => backend?.stop());

/** How many of the callers, all at once, got through. */
async function race(call: (caller: number) => Promise<unknown>) {
  const results = await Promise.allSettled(Array.from({ length: callers }, (_, caller) => call(caller)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  return { passed: callers - errors.length, refused: errors.filter(({ message }) => message === 'refused').length };
}

const otherwise = () => new Error('refused');
const increment = { text: 'ADD #n :one', values: { one: 1 } };
const belowLimit = { text: 'attribute_not_exists(#n) OR #n < :limit', values: { limit } };

describe('200 callers at once', () => {
  it('pass a guarded counter exactly as often as it allows', async () => {
    const key = { pk: 'RACE', sk: 'guarded' };
    const result = await race(() => table.write({ update: key, change: increment, condition: belowLimit, otherwise }));
    expect(result).toEqual({ passed: limit, refused: callers - limit });
    expect(await table.get(key)).toMatchObject({ n: limit });
  });

  it('all pass the counter without its guard, so the guard is what holds', async () => {
    const key = { pk: 'RACE', sk: 'unguarded' };
    expect(await race(() => table.write({ update: key, change: increment }))).toEqual({ passed: callers, refused: 0 });
    expect(await table.get(key)).toMatchObject({ n: callers });
  });

  it('pass a counter that is read and put back more often than it allows: the race is real', async () => {
    const key = { pk: 'RACE', sk: 'read and put back' };
    const result = await race(async () => {
      const n = Number((await table.get(key))?.['n'] ?? 0);
      if (n >= limit) throw otherwise();
      await table.write({ put: { ...key, n: n + 1 } });
    });
    expect(result.passed).toBeGreaterThan(limit);
  });

  it('make one thing of a name, with its rows, in a transaction', async () => {
    const take = (caller: number): Write[] => [
      { put: { pk: 'NAME', sk: 'one', by: caller }, condition: absent, otherwise },
      { put: { pk: 'ROWS', sk: String(caller) } },
    ];
    expect(await race((caller) => table.transact(take(caller)))).toEqual({ passed: 1, refused: callers - 1 });
    const [row, ...more] = await table.queryAll({ pk: 'ROWS' });
    expect(more).toEqual([]);
    expect(await table.get({ pk: 'NAME', sk: 'one' })).toMatchObject({ by: Number(row?.sk) });
  });

  it('count in a transaction exactly, each with its version', async () => {
    const key = { pk: 'VERSION', sk: '1' };
    await table.write({ put: { ...key, version: 0 } });
    const change = { text: 'SET #version = :next', values: { next: 1 } };
    const result = await race((caller) =>
      table.transact([
        { update: key, change, condition: equals('version', 0), otherwise },
        { put: { pk: 'VERSION', sk: `row ${caller}` } },
      ]),
    );
    expect(result).toEqual({ passed: 1, refused: callers - 1 });
    expect(await table.count({ pk: 'VERSION' })).toBe(2);
  });
});
