import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMetered } from '../../../functions/platform/meter.ts';
import { createTable, createTableClient, equals, type Table } from '../../../functions/platform/table/index.ts';
import { type DynamodbFault, type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { timeless } from '../../support/patient.ts';

let backend: Backend;
let proxy: DynamodbProxy;
let table: Table;
/** By the clock. */
let hurried: Table;

beforeAll(async () => {
  backend = await startBackend();
  proxy = await startDynamodbProxy({ target: backend.client.endpoint });
  const client = createTableClient({ ...backend.client, endpoint: proxy.url });
  table = createTable({ client, tableName: backend.tableName, ...timeless });
  hurried = createTable({ client, tableName: backend.tableName });
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

/** Runs the work whose first requests meet the fault, and checks that they did: one that never fired proves nothing. */
async function underFault<Result>(fault: DynamodbFault, work: () => Promise<Result>, times = 1): Promise<Result> {
  const rule = proxy.add({ fault, times });
  try {
    return await work();
  } finally {
    proxy.remove(rule);
    expect(rule.fired).toBe(times);
  }
}

const refusals: DynamodbFault[] = ['conflict', 'throttle', 'throughput', 'error'];
const everyFault: DynamodbFault[] = [...refusals, 'drop-before', 'drop-after'];
const increment = { text: 'ADD #n :one', values: { one: 1 } };
const nextVersion = { text: 'SET #version = :next', values: { next: 2 } };
const otherwise = () => new Error('refused');

describe('under a fault', () => {
  it.each(everyFault)('%s, a read goes through', async (fault) => {
    const item = await makeCounter();
    await underFault(fault, async () => expect(await table.get(item)).toEqual(item));
    await underFault(fault, async () => expect(await table.getMany([item])).toEqual([item]));
    await underFault(fault, async () =>
      expect(await table.queryAll({ pk: 'COUNTER', prefix: item.sk })).not.toEqual([]),
    );
  });

  it.each<DynamodbFault>([...everyFault, 'hang-after'])('%s, a transaction has its effect once', async (fault) => {
    const item = await makeCounter();
    const trips = await underFault(fault, () =>
      runMetered(async (meter) => {
        await table.transact([{ update: item, change: increment, condition: equals('n', 1), otherwise }]);
        return meter.read('trips');
      }),
    );
    expect(trips).toBe(2);
    expect(await backend.table.get(item)).toMatchObject({ n: 2 });
  });

  it.each(everyFault)('%s, a write without a condition has the effect that it states', async (fault) => {
    const item = await makeCounter();
    await underFault(fault, () => table.write({ put: { ...item, n: 7 } }));
    await underFault(fault, () => table.write({ update: item, change: nextVersion }));
    expect(await backend.table.get(item)).toEqual({ ...item, n: 7, version: 2 });
    await underFault(fault, () => table.write({ delete: item }));
    expect(await backend.table.get(item)).toBeUndefined();
  });

  it.each<DynamodbFault>([...refusals, 'drop-before'])(
    '%s, which had no effect, a conditional write goes through',
    async (fault) => {
      const item = await makeCounter();
      await underFault(fault, () =>
        table.write({ update: item, change: nextVersion, condition: equals('version', 1), otherwise }),
      );
      expect(await backend.table.get(item)).toMatchObject({ version: 2 });
    },
  );

  it.each<DynamodbFault>(['drop-after', 'hang-after'])(
    '%s, which had its effect, a conditional write is unavailable and never refused',
    async (fault) => {
      const item = await makeCounter();
      const write = { update: item, change: nextVersion, condition: equals('version', 1), otherwise };
      await underFault(fault, () => expect(table.write(write)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));
      expect(await backend.table.get(item)).toMatchObject({ version: 2 });
      await expect(table.write(write)).rejects.toThrow('refused');
    },
  );

  it.each<DynamodbFault>(['conflict', 'throttle'])(
    '%s that stays, each call is unavailable after six tries',
    async (fault) => {
      const item = await makeCounter();
      const unavailable = { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 };
      await underFault(fault, () => expect(table.write({ put: item })).rejects.toMatchObject(unavailable), 6);
      await underFault(fault, () => expect(table.transact([{ put: item }])).rejects.toMatchObject(unavailable), 6);
    },
  );

  it('that only time can tell, a call ends after two tries', async () => {
    const item = await makeCounter();
    const get = () => expect(hurried.get(item)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await underFault('hang-after', get, 2);
  });
});
