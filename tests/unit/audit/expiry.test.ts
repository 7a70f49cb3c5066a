import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { anchorHeads } from '../../../functions/audit/chain/anchor-heads.ts';
import {
  type ArchivePart,
  type Manifest,
  manifestKey,
  sha256Of,
  writeManifest,
} from '../../../functions/audit/domain/archive.ts';
import { positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { createAnchorStore } from '../../../functions/audit/store/anchor-store.ts';
import { createArchiveFiles } from '../../../functions/audit/store/archive-files.ts';
import { createArchiveNotes } from '../../../functions/audit/store/archive-notes.ts';
import { createRowExpiry } from '../../../functions/audit/store/row-expiry.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import { createArchiver, ending, grow, readArchived, rowsOfDay } from './archive-stage.ts';
import { listAll } from './list-all.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { rowItem } from './sample-rows.ts';
import { storesOf, verifyAll } from './verify-all.ts';

const days = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-04', '2026-02-05'] as const;
/** Rows of the first three days are older than the table is to hold by then. */
const now = new Date('2026-02-07T02:00:00.000Z');
const tableDays = 3;
const perDay = 40;

let table: MemoryTable;
let bucket: MemoryBucket;
let rows: AuditLog[];
beforeEach(async () => {
  table = createMemoryTable();
  bucket = createMemoryBucket();
  rows = days.flatMap((day) => rowsOfDay(day, perDay));
  await grow(table, rows, 33);
});

const isOld = (row: AuditLog) => row.created_at < '2026-02-04';
const old = () => rows.filter(isOld);
const young = () => rows.filter((row) => !isOld(row));
const expiredIds = () =>
  ending(table.partitions)
    .map(({ id }) => id)
    .toSorted();
const verify = (workspaceId?: string) =>
  verifyAll(table, now, workspaceId, undefined, undefined, createArchiveFiles(bucket));
const marks = () => [...bucket.objects.keys()].filter((key) => key.startsWith('archive/expired/'));

describe('rows that are older than the table is to hold', () => {
  it('get an end once they are archived, with their digests; the others get none', async () => {
    expect(await createArchiver(table, bucket, { tableDays }).tick(now)).toMatchObject({ daysBehind: 0, stuck: [] });
    expect(expiredIds()).toEqual(
      old()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(marks()).toContain('archive/expired/2026-01-31.json');
    expect(marks()).not.toContain('archive/expired/2026-02-04.json');
    table.sweep(now);
    const left = [...table.partitions].filter(([, items]) => items.size > 0).map(([pk]) => pk);
    expect(left).not.toContain('AUDITINDEX#2026-01-30');
    expect([...(table.partitions.get('AUDITINDEX#DAYS')?.keys() ?? [])]).toEqual(days.slice(3));
  });

  it('are verified as having expired: the chain is whole, and it is said from when the table holds rows', async () => {
    await createArchiver(table, bucket, { tableDays }).tick(now);
    const before = await verify();
    table.sweep(now);
    const expected = {
      intact: true,
      archived_until: '2026-02-07T00:00:00.000Z',
      rows_from: '2026-02-04T00:00:00.000Z',
    };
    expect(before).toMatchObject({ ...expected, checked: { rows: rows.length } });
    expect(await verify()).toMatchObject({ ...expected, checked: { rows: 3 * perDay } });
    // Those of January are not looked at any more. A chain of its own is looked at from its beginning, of the expired rows its blocks.
    const workspaceId = String(rows[0]?.workspace_id);
    const own = rows.filter((row) => row.workspace_id === workspaceId);
    expect(await verify(workspaceId)).toMatchObject({ ...expected, checked: { rows: own.length } });
  });

  it('are left out of a look at all chains by whole months alone, which the bucket names', async () => {
    const anchors = createAnchorStore(bucket);
    const log = { info: () => undefined, error: () => undefined };
    await anchorHeads({ ...storesOf(table), anchors, log })(now);
    const verifyAnchored = () => verifyAll(table, now, undefined, undefined, anchors, createArchiveFiles(bucket));
    await createArchiver(table, bucket, { tableDays }).tick(now);
    table.sweep(now);
    expect(await verifyAnchored()).toMatchObject({ intact: true, checked: { chains: 3, rows: 3 * perDay } });
    // An unmarked day of January, and be it the last: its chains are to be there, and its rows.
    bucket.objects.delete('archive/expired/2026-01-31.json');
    const { breaks } = await verifyAnchored();
    expect(breaks).toHaveLength(perDay);
    expect(breaks.every(({ month, kind }) => month === '2026-01' && kind === 'deleted')).toBe(true);
  });

  it('are neither listed nor counted, whether or not they have been deleted', async () => {
    const workspaceId = String(rows[0]?.workspace_id);
    for (const sweep of [false, true]) {
      if (sweep) {
        await createArchiver(table, bucket, { tableDays }).tick(now);
        table.sweep(now);
      }
      for (const direction of ['asc', 'desc'] as const) {
        const sort = { field: 'created_at', direction } as const;
        const all = await listAll(table, now, { limit: 30, sort }, tableDays);
        const expected = young().map(positionOf).toSorted();
        if (direction === 'desc') expected.reverse();
        expect(all.flatMap((page) => page.rows.map(positionOf))).toEqual(expected);
        expect(all[0]?.pagination).toMatchObject({ total: 2 * perDay });
        const own = await listAll(table, now, { workspace_id: workspaceId, sort }, tableDays);
        expect(own[0]?.pagination.total).toBe(young().filter((row) => row.workspace_id === workspaceId).length);
      }
    }
  });

  it('stay for ever where the stage says so', async () => {
    await createArchiver(table, bucket, { tableDays: 0 }).tick(now);
    expect([expiredIds(), marks()]).toEqual([[], []]);
    expect(await verify()).toMatchObject({ intact: true, rows_from: null, archived_until: '2026-02-07T00:00:00.000Z' });
    expect((await listAll(table, now)).flatMap((page) => page.rows)).toHaveLength(rows.length);
  });

  it('cost a WCU each, and one a digest, day and part', async () => {
    await createArchiver(table, bucket).tick(now);
    const digests = days
      .slice(0, 3)
      .reduce((sum, day) => sum + (table.partitions.get(`AUDITINDEX#${day}`)?.size ?? 0), 0);
    const spent = await runMetered(async (meter) => {
      await createArchiver(table, bucket, { tableDays }).tick(now);
      return meter.read('wcu');
    });
    // 5 days of the calendar have come to their end, three of them with rows in a part.
    expect(spent).toBe(old().length + digests + 3 + 3 + 5);
  });
});

describe('a row that is missing', () => {
  const verdictWithout = async (row: AuditLog) => {
    table.delete(rowItem(row));
    return (await verify()).breaks;
  };
  const found = (row: AuditLog) => [expect.objectContaining({ kind: 'deleted', row_id: row.id })];

  it('was deleted, unless its day is archived and has expired', async () => {
    const victims = days.map((day) => rows.find((row) => row.created_at.startsWith(day)) as AuditLog);
    // Nothing is archived.
    expect(await verdictWithout(victims[0] as AuditLog)).toEqual(found(victims[0] as AuditLog));
    table.put(rowItem(victims[0] as AuditLog));
    // It is archived, and the table is to hold it.
    await createArchiver(table, bucket).tick(now);
    expect(await verdictWithout(victims[0] as AuditLog)).toEqual(found(victims[0] as AuditLog));
    table.put(rowItem(victims[0] as AuditLog));
    await createArchiver(table, bucket, { tableDays }).tick(now);
    for (const victim of victims.slice(0, 3)) expect(await verdictWithout(victim)).toEqual([]);
    expect(await verdictWithout(victims[3] as AuditLog)).toEqual(found(victims[3] as AuditLog));
  });

  it('was deleted, too, when somebody wrote into the table that its day had expired, or gave it an end', async () => {
    const victim = young()[0] as AuditLog;
    await createArchiver(table, bucket, { tableDays }).tick(now);
    await createArchiveNotes(table).saveState({ first: days[0], archived: '2026-02-07', expired: '2026-02-07' });
    await createRowExpiry(table).expireRows([victim], now);
    table.sweep(now);
    expect((await verify()).breaks).toEqual(found(victim));
  });

  it('is not excused by expiry when what lies there is another row', async () => {
    await createArchiver(table, bucket, { tableDays }).tick(now);
    const victim = old()[0] as AuditLog;
    table.put({ ...rowItem(victim), status: 500 });
    expect((await verify(String(victim.workspace_id))).breaks).toMatchObject([{ kind: 'edited', row_id: victim.id }]);
  });
});

describe('no row gets an end', () => {
  it('before its day is archived', async () => {
    table.put({ ...rowItem(rows[0] as AuditLog), status: 500 });
    expect(await createArchiver(table, bucket, { tableDays }).tick(now)).toMatchObject({ expired: 0, daysBehind: 8 });
    expect([expiredIds(), marks()]).toEqual([[], []]);
  });

  it.each<[string, (key: string) => void]>([
    ['is gone', (key) => void bucket.objects.delete(key)],
    ['is not what was written', (key) => void bucket.objects.set(key, Buffer.from('spoilt'))],
  ])('when its part of the archive %s', async (_, spoil) => {
    await createArchiver(table, bucket, { partBytes: 20_000 }).tick(now);
    const parts = (await readArchived(bucket, days[0]))?.manifest.parts ?? [];
    expect(parts.length).toBeGreaterThan(1);
    spoil(String(parts.at(-1)?.key));
    await expect(createArchiver(table, bucket, { tableDays }).tick(now)).rejects.toThrow(
      'cannot read archive/2026-01-30/',
    );
    expect([expiredIds(), marks()]).toEqual([[], []]);
  });

  it('when what the archive holds of it is not as its chain recorded it, though part and manifest agree', async () => {
    await createArchiver(table, bucket).tick(now);
    const manifest = (await readArchived(bucket, days[0]))?.manifest as Manifest;
    const part = manifest.parts[0] as ArchivePart;
    const text = gunzipSync(bucket.objects.get(part.key) as Uint8Array).toString('utf8');
    const forged = gzipSync(text.replace('"status":200', '"status":500'));
    bucket.objects.set(part.key, forged);
    bucket.objects.set(
      manifestKey(manifest),
      writeManifest({ ...manifest, parts: [{ ...part, sha256: sha256Of(forged) }] }),
    );
    await expect(createArchiver(table, bucket, { tableDays }).tick(now)).rejects.toThrow(
      'cannot let 2026-01-30 expire',
    );
    expect([expiredIds(), marks()]).toEqual([[], []]);
  });

  it('when the bucket has lost its manifest', async () => {
    await createArchiver(table, bucket).tick(now);
    for (const key of bucket.objects.keys()) if (key.includes('manifest')) bucket.objects.delete(key);
    await expect(createArchiver(table, bucket, { tableDays }).tick(now)).rejects.toThrow('the bucket does not have it');
    expect(expiredIds()).toEqual([]);
  });

  it('of a day that was archived as it was: what is wrong with it can still be looked at', async () => {
    table.put({ ...rowItem(rows[0] as AuditLog), status: 500 });
    await createArchiver(table, bucket).tick(now, { asItIs: days[0] });
    expect(await createArchiver(table, bucket, { tableDays }).tick(now)).toMatchObject({ daysBehind: 0 });
    expect(expiredIds()).toEqual(
      old()
        .filter((row) => !row.created_at.startsWith(days[0]))
        .map(({ id }) => id)
        .toSorted(),
    );
    expect((await verify()).breaks).toMatchObject([{ kind: 'edited' }]);
  });

  it('twice: a tick that ends within a day goes on behind its last part', async () => {
    await createArchiver(table, bucket, { partBytes: 20_000 }).tick(now);
    const ended: string[] = [];
    const real = createRowExpiry(table);
    const expiry = {
      ...real,
      expireRows: (some: readonly AuditLog[], at: Date) => {
        ended.push(...some.map(({ id }) => id));
        return real.expireRows(some, at);
      },
    };
    let ticks = 0;
    for (; (await createArchiveNotes(table).state())?.expired !== '2026-02-04'; ticks += 1) {
      let clock = 0;
      const milliseconds = () => {
        clock += 3;
        return clock;
      };
      await createArchiver(table, bucket, { tableDays, expiry, milliseconds, legMs: 45 }).tick(now);
      if (ticks > 100) throw new Error('the rows never end');
    }
    expect(ticks).toBeGreaterThan(1);
    expect(ended.toSorted()).toEqual(
      old()
        .map(({ id }) => id)
        .toSorted(),
    );
  });
});
