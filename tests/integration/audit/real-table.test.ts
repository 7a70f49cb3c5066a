import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { partitionOf, positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { digestsOf } from '../../../functions/audit/domain/digest.ts';
import { createTable, createTableClient, type Table } from '../../../functions/platform/table/index.ts';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { listAll, listPage } from '../../unit/audit/list-all.ts';
import { idAt, rowItem, sampleRow } from '../../unit/audit/sample-rows.ts';
import { storesOf, verifyAll } from '../../unit/audit/verify-all.ts';

const workspaceId = idAt(Date.parse('2026-01-20T08:00:00.000Z'), seededRandom(1));
const now = new Date('2026-02-20T00:00:00.000Z');

let backend: Backend;
let proxy: DynamodbProxy;
beforeAll(async () => {
  backend = await startBackend();
  proxy = await startDynamodbProxy({ target: backend.client.endpoint });
});
afterAll(async () => {
  await proxy?.stop();
  await backend?.stop();
});

const anHour = 3_600_000;

/** Rows from the end of January on, of the workspace and others, in the table. */
async function fill(table: Table, count: number, { step = anHour, seed = 1 } = {}) {
  const random = seededRandom(seed);
  const begin = Date.parse('2026-01-25T00:00:00.000Z');
  const rows = Array.from({ length: count }, (_, nth) =>
    sampleRow({
      at: begin + nth * step,
      random,
      fields: {
        workspace_id: random() < 0.7 ? workspaceId : null,
        action: random() < 0.1 ? 'delete' : 'read',
      },
    }),
  );
  for (let at = 0; at < count; at += 25)
    await table.transact(rows.slice(at, at + 25).map((row) => ({ put: rowItem(row) })));
  return rows;
}

describe('rows, index and chain in DynamoDB', () => {
  it('list, page and verify as they do in memory', async () => {
    const { table } = await backend.makeTable();
    const rows = await fill(table, 300);
    for (let at = 0; at < 300; at += 40)
      expect(await chainRows(storesOf(table), rows.slice(Math.max(0, at - 15), at + 40))).toEqual(new Map());
    for (const direction of ['asc', 'desc'] as const) {
      for (const filter of [
        {},
        { workspace_id: workspaceId },
        { action: ['delete'] },
        { start_time: '2026-01-30T00:00:00.000Z', end_time: '2026-02-02T00:00:00.000Z' },
      ]) {
        const expected = rows
          .filter((row) => filter.workspace_id === undefined || row.workspace_id === workspaceId)
          .filter((row) => filter.action === undefined || row.action === 'delete')
          .filter(
            ({ created_at: at }) =>
              filter.start_time === undefined || (at >= filter.start_time && at < filter.end_time),
          );
        if (direction === 'desc') expected.reverse();
        const pages = await listAll(table, now, { ...filter, limit: 37, sort: { field: 'created_at', direction } });
        expect(pages.flatMap((page) => page.rows)).toEqual(expected);
      }
    }
    expect(await verifyAll(table, now)).toMatchObject({ intact: true, checked: { rows: 300 } });
    expect(await verifyAll(table, now, workspaceId)).toMatchObject({ intact: true });
    const victim = rows.find((row) => row.workspace_id === workspaceId);
    await table.write({ put: { ...rowItem(victim as never), status: 500 } });
    expect((await verifyAll(table, now)).breaks).toMatchObject([{ kind: 'edited', row_id: victim?.id }]);
  });

  it('hold each row once when four consumers meet conflicts, throttling and lost answers', async () => {
    const { tableName, table } = await backend.makeTable();
    const rows = await fill(table, 300, { seed: 2 });
    const rules = [
      proxy.add({ table: tableName, fault: 'conflict', operation: 'TransactWriteItems', every: 5 }),
      proxy.add({ table: tableName, fault: 'drop-after', operation: 'TransactWriteItems', every: 4 }),
      proxy.add({ table: tableName, fault: 'throttle', every: 20 }),
    ];
    const runConsumer = async (seed: number) => {
      const random = seededRandom(seed);
      const client = createTableClient({ ...backend.client, endpoint: proxy.url });
      const stores = storesOf(createTable({ client, tableName, random, delay: async () => undefined }));
      for (let at = 0; at < rows.length; at += 25) {
        const batch = rows.slice(Math.max(0, at - Math.floor(random() * 25)), at + 25);
        for (let tries = 0, left = batch; left.length > 0 && tries < 20; tries += 1)
          left = [...(await chainRows(stores, left)).keys()];
      }
      client.destroy();
    };
    await Promise.all([1, 2, 3, 4].map(runConsumer));
    for (const rule of rules) expect(rule.fired).toBeGreaterThan(5);
    proxy.clear();

    const { chain } = storesOf(table);
    const partitions = [...new Map(rows.map((row) => [JSON.stringify(partitionOf(row)), partitionOf(row)])).values()];
    const chained: string[] = [];
    for (const partition of partitions) {
      for (let after = 0; ; ) {
        const blocks = await chain.blocks(partition, after, 50);
        if (blocks.length === 0) break;
        after = blocks.at(-1)?.seq ?? after;
        chained.push(...blocks.flatMap(({ links }) => links.map(({ position }) => position)));
      }
    }
    expect(chained.toSorted()).toEqual(rows.map(positionOf).toSorted());
    expect(await verifyAll(table, now)).toMatchObject({ intact: true, checked: { rows: 300 } });
    expect((await listAll(table, now, { limit: 100 })).flatMap((page) => page.rows.map(positionOf))).toEqual(
      rows.map(positionOf).toReversed(),
    );
  });

  it('cost a page the same whether there are 1,050 rows or 1,600', async () => {
    const costs: number[][] = [];
    for (const count of [1_050, 1_600]) {
      const { table } = await backend.makeTable();
      const rows = await fill(table, count, { step: 30_000 });
      for (let at = 0; at < count; at += 100) await storesOf(table).index.add(digestsOf(rows.slice(at, at + 100)));
      const first = await listPage(table, now);
      const second = await listPage(table, now, { cursor: String(first.pagination.next_cursor) });
      costs.push([first.rcu, second.rcu]);
    }
    const [[first = 0, second = 0] = [], [larger = 0, behind = 0] = []] = costs;
    expect(Math.abs(larger - first)).toBeLessThanOrEqual(2);
    expect(Math.abs(behind - second)).toBeLessThanOrEqual(1);
  });
});
