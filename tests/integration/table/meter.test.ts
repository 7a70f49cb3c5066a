import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMetered } from '../../../functions/platform/meter.ts';
import {
  createTable,
  createTableClient,
  exists,
  type Item,
  type PlainWrite,
  type Table,
  type Write,
} from '../../../functions/platform/table/index.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
let table: Table;
/** Units that the emulator says were used. */
let told = 0;

beforeAll(async () => {
  backend = await startBackend();
  const client = createTableClient(backend.client);
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { ConsumedCapacity: capacity } = result.output as {
        ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
      };
      for (const { CapacityUnits: units = 0 } of [capacity ?? []].flat()) told += units;
      return result;
    },
    { step: 'initialize', name: 'ask for capacity' },
  );
  table = createTable({ client, tableName: backend.tableName });
}, 60_000);
afterAll(() => backend?.stop());

/** What the meter counts of the work, beside what the emulator tells of it. */
async function compare(work: () => Promise<unknown>) {
  told = 0;
  const metered = await runMetered(async (meter) => {
    await work();
    return meter.read('wcu') + meter.read('rcu');
  });
  return { metered, told };
}

const text = (bytes: number) => 'x'.repeat(bytes);
const at = (sk: string) => ({ pk: 'METER', sk });
const indexed = (sk: string, more: object = {}) => ({ ...at(sk), gsi1pk: 'G', gsi1sk: sk, ...more });
const same = (units: number) => ({ metered: units, told: units });

describe('the meter agrees with the emulator', () => {
  const plain: [string, number, Item | undefined, PlainWrite][] = [
    ['a small put', 1, undefined, { put: at('1') }],
    ['a put of 2.5 KB', 3, undefined, { put: { ...at('2'), text: text(2500) } }],
    ['a put over a larger item', 3, { ...at('3'), text: text(2500) }, { put: at('3') }],
    ['a put into the index', 2, undefined, { put: indexed('4') }],
    ['a put that moves within the index', 3, indexed('5'), { put: { ...indexed('5'), gsi1sk: 'moved' } }],
    ['a put that leaves the index', 2, indexed('6'), { put: at('6') }],
    ['a put that changes nothing of an indexed item', 1, indexed('7'), { put: indexed('7') }],
    ['an update', 1, at('8'), { update: at('8'), change: { text: 'SET #a = :a', values: { a: 1 } } }],
    [
      'an update that grows an item',
      3,
      at('9'),
      { update: at('9'), change: { text: 'SET #a = :a', values: { a: text(2500) } } },
    ],
    [
      'an update of an indexed item of 1.5 KB',
      4,
      indexed('10', { text: text(1500) }),
      { update: at('10'), change: { text: 'SET #a = :a', values: { a: 1 } } },
    ],
    [
      'an update that moves within the index',
      3,
      indexed('11'),
      { update: at('11'), change: { text: 'SET #gsi1sk = :to', values: { to: 'moved' } } },
    ],
    [
      'an update that leaves the index',
      2,
      indexed('12'),
      { update: at('12'), change: { text: 'REMOVE #gsi1pk, #gsi1sk' } },
    ],
    ['a delete of an indexed item of 1.5 KB', 4, indexed('13', { text: text(1500) }), { delete: at('13') }],
    ['a delete of nothing', 1, undefined, { delete: at('14') }],
  ];

  it.each(plain)('on %s: %i units', async (_, units, before, write) => {
    if (before) await table.write({ put: before });
    expect(await compare(() => table.write(write))).toEqual(same(units));
  });

  it('on a transaction: twice the items, once the index', async () => {
    const was = indexed('t2', { text: text(1500) });
    await table.write({ put: was });
    await table.write({ put: at('t3') });
    const writes: Write[] = [
      { put: indexed('t1') },
      { update: was, change: { text: 'ADD #n :one', values: { one: 1 } }, was },
      { delete: at('t3') },
    ];
    expect(await compare(() => table.transact(writes))).toEqual(same(2 + 1 + 4 + 2 + 2));
  });

  it('on a check in a transaction: a write of its item', async () => {
    const was = { ...at('c1'), text: text(1500) };
    await table.write({ put: was });
    const check: Write = { check: was, condition: exists, otherwise: () => new Error('refused'), was };
    expect(await compare(() => table.transact([check, { put: at('c2') }]))).toEqual(same(4 + 2));
  });

  it('on small reads', async () => {
    await table.write({ put: indexed('r1') });
    expect(await compare(() => table.get(at('r1')))).toEqual(same(1));
    expect(await compare(() => table.get(at('r1'), { consistent: false }))).toEqual(same(0.5));
    expect(await compare(() => table.get(at('not there')))).toEqual(same(1));
    expect(await compare(() => table.query({ pk: 'METER', prefix: 'r' }))).toEqual(same(1));
    expect(await compare(() => table.query({ pk: 'G', index: 'gsi1', prefix: 'r' }))).toEqual(same(0.5));
  });
});

describe('the meter bills by 4 KB what the emulator does not', () => {
  it('reads of large items', async () => {
    await table.write({ put: { ...at('big'), text: text(9000) } });
    expect(await compare(() => table.get(at('big')))).toEqual({ metered: 3, told: 1 });
  });
});
