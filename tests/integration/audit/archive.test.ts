import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { createArchiveFiles } from '../../../functions/audit/store/archive-files.ts';
import { type Bucket, createBucket } from '../../../functions/platform/objects/index.ts';
import { createTable, createTableClient, type Table } from '../../../functions/platform/table/index.ts';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createArchiver, grow, readArchived, rowsOfDay, scopes } from '../../unit/audit/archive-stage.ts';
import { listAll } from '../../unit/audit/list-all.ts';
import { rowItem } from '../../unit/audit/sample-rows.ts';
import { verifyAll } from '../../unit/audit/verify-all.ts';

const days = ['2026-01-31', '2026-02-01', '2026-02-02'] as const;
const now = new Date('2026-02-04T02:00:00.000Z');
const tableDays = 2;

let backend: Backend;
let proxy: DynamodbProxy;
let s3: S3Client;
beforeAll(async () => {
  backend = await startBackend();
  proxy = await startDynamodbProxy({ target: backend.client.endpoint });
  s3 = new S3Client({ ...backend.client, forcePathStyle: true });
});
afterAll(async () => {
  s3?.destroy();
  await proxy?.stop();
  await backend?.stop();
});

async function makeBucket(name: string): Promise<Bucket> {
  await s3.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: true }));
  return createBucket({ name, ...backend.client });
}

const sorted = (rows: readonly AuditLog[]) => rows.map(positionOf).toSorted();
const endOf = async (table: Table, row: AuditLog) => (await table.get(rowItem(row)))?.['ttl'];

describe('the archive in S3, of rows in DynamoDB', () => {
  it('is as it is in memory: each row once, and an end for those that the table need not hold', async () => {
    const { table } = await backend.makeTable();
    const bucket = await makeBucket('archive-whole');
    const rows = days.flatMap((day) => rowsOfDay(day, 24));
    await grow(table, rows, 33);
    const options = { tableDays, partBytes: 8_000 };
    const ticks = await Promise.all([1, 2].map(() => createArchiver(table, bucket, options).tick(now)));
    expect(ticks.map(({ daysBehind }) => daysBehind)).toEqual([0, 0]);
    for (const day of days) {
      const read = await readArchived(bucket, day);
      expect([read?.wrong, read?.rows.length]).toEqual([[], 24]);
      expect(sorted(read?.rows ?? [])).toEqual(sorted(rows.filter((row) => row.created_at.startsWith(day))));
    }
    const [old, young] = [rows.slice(0, 48), rows.slice(48)];
    for (const row of [old[0], old[47]]) expect(await endOf(table, row as AuditLog)).toBe(now.getTime() / 1_000);
    expect(await endOf(table, young[0] as AuditLog)).toBeUndefined();

    // What the table's TTL does to them.
    const pages = await listAll(table, now, { limit: 50 }, tableDays);
    for (const row of old) await table.write({ delete: rowItem(row) });
    expect(pages.flatMap((page) => page.rows.map(positionOf)).toSorted()).toEqual(sorted(young));
    expect(pages[0]?.pagination.total).toBe(24);
    const verify = () => verifyAll(table, now, scopes[0], undefined, undefined, createArchiveFiles(bucket));
    expect(await verify()).toMatchObject({ intact: true, rows_from: '2026-02-02T00:00:00.000Z' });
    const victim = young.find((row) => row.workspace_id === scopes[0]) as AuditLog;
    await table.write({ delete: rowItem(victim) });
    expect((await verify()).breaks).toEqual([expect.objectContaining({ kind: 'deleted', row_id: victim.id })]);
  });

  it('is whole after ticks that met throttling, and answers that were lost', async () => {
    const { tableName, table } = await backend.makeTable();
    const bucket = await makeBucket('archive-faults');
    const rows = rowsOfDay(days[0], 60);
    await grow(table, rows);
    const rules = [
      proxy.add({ table: tableName, fault: 'throttle', operation: 'Query', every: 5 }),
      proxy.add({ table: tableName, fault: 'drop-after', operation: 'UpdateItem', every: 10 }),
      proxy.add({ table: tableName, fault: 'drop-after', operation: 'PutItem', every: 4 }),
    ];
    const client = createTableClient({ ...backend.client, endpoint: proxy.url });
    const faulty = createTable({ client, tableName, delay: async () => undefined });
    await createArchiver(faulty, bucket, { tableDays, partBytes: 8_000 }).tick(now);
    client.destroy();
    for (const rule of rules) expect(rule.fired).toBeGreaterThan(2);
    proxy.clear();
    const read = await readArchived(bucket, days[0]);
    expect([sorted(read?.rows ?? []), read?.wrong]).toEqual([sorted(rows), []]);
    for (const row of rows) expect(await endOf(table, row)).toBeDefined();
  });
});
