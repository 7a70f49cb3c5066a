import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMetered } from '../../../functions/platform/meter.ts';
import { createTable, createTableClient, equals, type Table } from '../../../functions/platform/table/index.ts';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
let proxy: FaultyProxy;
let table: Table;

beforeAll(async () => {
  backend = await startBackend();
  proxy = await startFaultyProxy(backend.client.endpoint);
  const client = createTableClient({ ...backend.client, endpoint: proxy.endpoint });
  table = createTable({ client, tableName: backend.tableName });
}, 60_000);
afterAll(async () => {
  await proxy?.stop();
  await backend?.stop();
});

let number = 0;
/** A counter of its own for each test, at 1 and version 1. */
async function makeCounter() {
  number += 1;
  const item = { pk: 'COUNTER', sk: String(number), n: 1, version: 1 };
  await backend.table.write({ put: item });
  return item;
}

/** Runs the work with faults before it, and checks that all of them were met. */
async function underFaults<Result>(faults: string[], work: () => Promise<Result>): Promise<Result> {
  proxy.faults.splice(0, Number.POSITIVE_INFINITY, ...faults);
  proxy.fired.length = 0;
  try {
    return await work();
  } finally {
    expect(proxy.fired).toEqual(faults);
  }
}

const everyFault = [
  'drop',
  'lose',
  'cut',
  'page',
  'ThrottlingException',
  'TransactionConflictException',
  'InternalServerError',
];
const increment = { text: 'ADD #n :one', values: { one: 1 } };
const nextVersion = { text: 'SET #version = :next', values: { next: 2 } };
const otherwise = () => new Error('refused');

describe('under a fault', () => {
  it.each(everyFault)('%s, a read goes through', async (fault) => {
    const item = await makeCounter();
    await underFaults([fault], async () => expect(await table.get(item)).toEqual(item));
    await underFaults([fault], async () => expect(await table.getMany([item])).toEqual([item]));
    await underFaults([fault], async () =>
      expect(await table.queryAll({ pk: 'COUNTER', prefix: item.sk })).not.toEqual([]),
    );
  });

  it.each([...everyFault, 'hang', 'TransactionInProgressException'])(
    '%s, a transaction has its effect once',
    async (fault) => {
      const item = await makeCounter();
      const trips = await underFaults([fault], () =>
        runMetered(async (meter) => {
          await table.transact([{ update: item, change: increment, condition: equals('n', 1), otherwise }]);
          return meter.read('trips');
        }),
      );
      expect(trips).toBe(2);
      expect(await backend.table.get(item)).toMatchObject({ n: 2 });
    },
  );

  it.each(everyFault)('%s, a write without a condition has the effect that it states', async (fault) => {
    const item = await makeCounter();
    await underFaults([fault], () => table.write({ put: { ...item, n: 7 } }));
    await underFaults([fault], () => table.write({ update: item, change: nextVersion }));
    expect(await backend.table.get(item)).toEqual({ ...item, n: 7, version: 2 });
    await underFaults([fault], () => table.write({ delete: item }));
    expect(await backend.table.get(item)).toBeUndefined();
  });

  it.each(['drop', 'page', 'ThrottlingException', 'TransactionConflictException', 'InternalServerError'])(
    '%s, which had no effect, a conditional write goes through',
    async (fault) => {
      const item = await makeCounter();
      await underFaults([fault], () =>
        table.write({ update: item, change: nextVersion, condition: equals('version', 1), otherwise }),
      );
      expect(await backend.table.get(item)).toMatchObject({ version: 2 });
    },
  );

  it.each(['lose', 'cut', 'hang'])(
    '%s, which had its effect, a conditional write is unavailable and never refused',
    async (fault) => {
      const item = await makeCounter();
      const write = { update: item, change: nextVersion, condition: equals('version', 1), otherwise };
      await underFaults([fault], () =>
        expect(table.write(write)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }),
      );
      expect(await backend.table.get(item)).toMatchObject({ version: 2 });
      await expect(table.write(write)).rejects.toThrow('refused');
    },
  );

  it('that stays, each call is unavailable after six tries', async () => {
    const item = await makeCounter();
    const six = Array(6).fill('TransactionConflictException');
    const unavailable = { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 };
    await underFaults(six, () => expect(table.get(item)).rejects.toMatchObject(unavailable));
    await underFaults(six, () => expect(table.write({ put: item })).rejects.toMatchObject(unavailable));
    await underFaults(six, () => expect(table.transact([{ put: item }])).rejects.toMatchObject(unavailable));
  });

  it('that only time can tell, each call ends within its 2.5 s', async () => {
    const item = await makeCounter();
    const began = performance.now();
    await underFaults(['hang', 'hang'], () =>
      expect(table.get(item)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }),
    );
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
