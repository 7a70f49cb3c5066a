import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { anchorHeads } from '../../../functions/audit/chain/anchor-heads.ts';
import { positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { hashBlock } from '../../../functions/audit/domain/chain.ts';
import { createAnchorStore } from '../../../functions/audit/store/anchor-store.ts';
import { createArchiveNotes } from '../../../functions/audit/store/archive-notes.ts';
import { createChainStore } from '../../../functions/audit/store/chain-store.ts';
import { chain, createArchiver, grow, readArchived, rowsOfDay, scopes, write } from './archive-stage.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { rowItem } from './sample-rows.ts';
import { verifyAll } from './verify-all.ts';

const day = '2026-02-10';
const now = new Date('2026-02-14T01:30:00.000Z');

let table: MemoryTable;
let bucket: MemoryBucket;
beforeEach(() => {
  table = createMemoryTable();
  bucket = createMemoryBucket();
});

const sorted = (rows: readonly AuditLog[]) => rows.map(positionOf).toSorted();
const keys = () => [...bucket.objects.keys()].filter((key) => key.startsWith('archive/'));
const state = () => createArchiveNotes(table).state();

describe('an archived day', () => {
  it('holds each of its rows once, in the blocks that the chain recorded them in, and no other row', async () => {
    const [before, rows, behind] = ['2026-02-09', day, '2026-02-11'].map((each) => rowsOfDay(each, 180));
    // Batches that end in the middle of days, so that blocks hold rows of two.
    await grow(table, [...(before ?? []), ...(rows ?? []), ...(behind ?? [])], 33);
    expect(await createArchiver(table, bucket).tick(now)).toEqual({
      archived: 5,
      expired: 0,
      daysBehind: 0,
      stuck: [],
    });
    const read = await readArchived(bucket, day);
    expect(read?.wrong).toEqual([]);
    expect(sorted(read?.rows ?? [])).toEqual(sorted(rows ?? []));
    expect(read?.manifest).toMatchObject({ day, edition: 1, findings: [] });
    expect(read?.lines.find((line) => line.includes(String(rows?.[0]?.id)))).toBeDefined();
    expect(read?.lines.filter((line) => line.startsWith('{"row"'))[0]).toContain('"key_id":"key of ');
    const blocks = read?.parts.flatMap((part) => part.blocks) ?? [];
    for (const scope of scopes) {
      const own = blocks.filter((block) => block.scope === scope);
      expect(own.length).toBeGreaterThan(2);
      for (const [nth, block] of own.entries())
        if (nth > 0) expect([block.prev, block.seq]).toEqual([own[nth - 1]?.hash, (own[nth - 1]?.seq ?? 0) + 1]);
    }
    expect(await state()).toEqual({ first: '2026-02-09', archived: '2026-02-14', expired: '2026-02-09' });
  });

  it('has a manifest though it had no rows, so that none can be passed off as empty', async () => {
    await grow(table, [...rowsOfDay('2026-02-10', 3), ...rowsOfDay('2026-02-12', 3)]);
    await createArchiver(table, bucket).tick(now);
    expect((await readArchived(bucket, '2026-02-11'))?.manifest).toMatchObject({ parts: [], findings: [], digests: 0 });
    expect((await readArchived(bucket, '2026-02-12'))?.rows).toHaveLength(3);
  });

  it('is not archived before it has been over for an hour', async () => {
    await grow(table, rowsOfDay(day, 3));
    const { tick } = createArchiver(table, bucket);
    expect(await tick(new Date('2026-02-11T00:59:00.000Z'))).toMatchObject({ archived: 0, daysBehind: 0 });
    expect(await tick(new Date('2026-02-11T01:00:00.000Z'))).toMatchObject({ archived: 1 });
  });

  it('is written once: a repeated tick and one at the same time add nothing', async () => {
    await grow(table, rowsOfDay(day, 60));
    const { tick } = createArchiver(table, bucket);
    await Promise.all([tick(now), tick(now)]);
    const before = new Map(bucket.objects);
    table.delete({ pk: 'AUDITARCHIVE', sk: 'STATE' });
    await tick(now);
    expect(bucket.objects).toEqual(before);
    expect((await readArchived(bucket, day))?.rows).toHaveLength(60);
  });

  it('of more rows than a page and a part hold is written stretch by stretch, as it would be in one', async () => {
    const rows = rowsOfDay(day, 2_400);
    await grow(table, rows, 100);
    const whole = createMemoryBucket();
    await createArchiver(table, whole, { partBytes: 150_000 }).tick(now);
    const notedIn = createMemoryTable();
    for (const items of table.partitions.values()) for (const item of items.values()) notedIn.put(item);
    notedIn.partitions.delete('AUDITARCHIVE');
    let clock = 0;
    let ticks = 0;
    const { tick } = createArchiver(notedIn, bucket, {
      partBytes: 150_000,
      legMs: 5,
      // The time of a tick is up after its first part.
      milliseconds: () => {
        clock += 4;
        return clock;
      },
    });
    while ((await tick(now)).daysBehind > 0) ticks += 1;
    expect(ticks).toBeGreaterThan(3);
    expect([...bucket.objects.keys()].toSorted()).toEqual([...whole.objects.keys()].toSorted());
    const read = await readArchived(bucket, day);
    expect([read?.wrong, read?.manifest.parts.length]).toEqual([
      [],
      (await readArchived(whole, day))?.manifest.parts.length,
    ]);
    expect(sorted(read?.rows ?? [])).toEqual(sorted(rows));
  });
});

describe('a crash', () => {
  it.each(['saveJob', 'saveState'] as const)(
    'between an object and its note (%s) is settled by the next tick',
    async (name) => {
      const rows = rowsOfDay(day, 600);
      await grow(table, rows);
      let crashes = 0;
      const notes = createArchiveNotes(table);
      const crashing = {
        ...notes,
        [name]: async () => {
          crashes += 1;
          throw new Error('the function has died');
        },
      };
      const options = { partBytes: 60_000 };
      await expect(createArchiver(table, bucket, { ...options, notes: crashing }).tick(now)).rejects.toThrow(
        'has died',
      );
      const left = keys();
      expect([crashes, left.length > 0]).toEqual([1, true]);
      expect(await createArchiver(table, bucket, options).tick(now)).toMatchObject({ daysBehind: 0 });
      const read = await readArchived(bucket, day);
      expect(sorted(read?.rows ?? [])).toEqual(sorted(rows));
      expect(keys().filter((key) => key.includes(`/${day}/`))).toHaveLength(1 + (read?.manifest.parts.length ?? 0));
      expect(keys()).toEqual(expect.arrayContaining(left));
    },
  );
});

describe('a day that is not sound', () => {
  const damage = (rows: readonly AuditLog[]): [string, () => void][] => [
    ['edited', () => table.put({ ...rowItem(rows[4] as AuditLog), status: 500 })],
    ['deleted', () => table.delete(rowItem(rows[4] as AuditLog))],
  ];

  it.each([0, 1])('is left, told of and counted, and holds up none behind it (%i)', async (nth) => {
    const rows = rowsOfDay(day, 30);
    await grow(table, [...rows, ...rowsOfDay('2026-02-12', 30)]);
    const [kind, change] = damage(rows)[nth] as [string, () => void];
    change();
    const { tick, errors } = createArchiver(table, bucket);
    expect(await tick(now)).toEqual({ archived: 3, expired: 0, daysBehind: 4, stuck: [] });
    expect(errors).toMatchObject([{ details: { day, findings: [{ kind }] } }]);
    expect(await readArchived(bucket, day)).toBeUndefined();
    expect((await readArchived(bucket, '2026-02-12'))?.rows).toHaveLength(30);
    table.put(rowItem(rows[4] as AuditLog));
    expect(await tick(now)).toMatchObject({ archived: 1, daysBehind: 0 });
    expect((await readArchived(bucket, day))?.wrong).toEqual([]);
  });

  it('is archived as it is when a person says so, with what is wrong', async () => {
    const rows = rowsOfDay(day, 30);
    await grow(table, rows);
    damage(rows)[1]?.[1]();
    const { tick } = createArchiver(table, bucket);
    expect(await tick(now, { asItIs: '2026-02-11' })).toMatchObject({ daysBehind: 4 });
    expect(await tick(now, { asItIs: day })).toMatchObject({ daysBehind: 0 });
    const read = await readArchived(bucket, day);
    expect(read?.manifest.findings).toMatchObject([{ kind: 'deleted', row_id: rows[4]?.id }]);
    expect([read?.rows.length, read?.wrong]).toEqual([29, [`row ${positionOf(rows[4] as AuditLog)} is missing`]]);
  });

  it('has a row that is not chained yet, and is archived once it is', async () => {
    const rows = rowsOfDay(day, 30);
    await grow(table, rows.slice(0, 29));
    await write(table, rows.slice(29));
    const { tick, errors } = createArchiver(table, bucket);
    expect(await tick(now)).toMatchObject({ daysBehind: 4 });
    expect(errors).toMatchObject([{ details: { findings: [{ kind: 'unchained', scope_id: scopes[2] }] } }]);
    await chain(table, rows.slice(29));
    expect(await tick(now)).toMatchObject({ daysBehind: 0 });
    expect(sorted((await readArchived(bucket, day))?.rows ?? [])).toEqual(sorted(rows));
  });

  it('has lost rows, blocks and head of a chain together: its anchor tells', async () => {
    await grow(table, rowsOfDay(day, 30));
    const chains = createChainStore(table);
    const log = { info: () => undefined, error: () => undefined };
    await anchorHeads({ chain: chains, anchors: createAnchorStore(bucket), log })(now);
    const scope = scopes[1];
    for (const [pk, items] of table.partitions)
      for (const [sk, item] of items) if (pk.includes(scope) || sk === scope) table.delete(item);
    const { tick, errors } = createArchiver(table, bucket);
    expect(await tick(now)).toMatchObject({ daysBehind: 4 });
    expect(errors).toMatchObject([{ details: { findings: [{ kind: 'truncated', scope_id: scope }] } }]);
  });
});

describe('late rows', () => {
  it('are in another edition of their day', async () => {
    const rows = rowsOfDay(day, 31).map((row, nth) => (nth === 30 ? { ...row, workspace_id: null } : row));
    await grow(table, rows.slice(0, 30));
    const { tick } = createArchiver(table, bucket);
    await tick(now);
    // Of somebody who had no chain yet.
    await grow(table, rows.slice(30));
    expect(await tick(new Date('2026-02-20T02:00:00.000Z'))).toMatchObject({ daysBehind: 0 });
    const read = await readArchived(bucket, day);
    expect(read?.manifest.edition).toBe(2);
    expect([sorted(read?.rows ?? []), read?.wrong]).toEqual([sorted(rows), []]);
    expect(keys().filter((key) => key.includes(`/${day}/manifest`))).toHaveLength(2);
    const before = keys();
    await tick(new Date('2026-02-20T03:00:00.000Z'));
    expect(keys()).toEqual(before);
  });
});

describe('a row that is tampered with after it was archived', () => {
  it('is found by a verification, and stands in the archive as it was', async () => {
    const rows = rowsOfDay(day, 30);
    await grow(table, rows);
    await createArchiver(table, bucket).tick(now);
    const victim = rows[7] as AuditLog;
    table.put({ ...rowItem(victim), success: false });
    expect((await verifyAll(table, now)).breaks).toMatchObject([{ kind: 'edited', row_id: victim.id }]);
    await createArchiver(table, bucket).tick(now);
    expect((await readArchived(bucket, day))?.rows).toContainEqual(victim);
  });

  it('is found in the archive, too: no line of a part can be changed, dropped or added', async () => {
    await grow(table, rowsOfDay(day, 30));
    await createArchiver(table, bucket).tick(now);
    const { checkPart } = await import('../../../functions/audit/domain/archive-part.ts');
    const lines = (await readArchived(bucket, day))?.lines ?? [];
    const missed: string[] = [];
    for (const [nth, line] of lines.entries()) {
      const others = [...lines.slice(0, nth), ...lines.slice(nth + 1)];
      const changed = line.startsWith('{"row"')
        ? line.replace('"status":200', '"status":201')
        : line.replace('"seq":1', '"seq":2');
      for (const text of [
        others,
        [...lines.slice(0, nth), changed, ...lines.slice(nth + 1)],
        [...lines.slice(0, nth), line, ...lines.slice(nth)],
      ])
        if (line.startsWith('{"row"') && checkPart(day, text.join('\n')).wrong.length === 0) missed.push(line);
      if (line.startsWith('{"block"') && checkPart(day, others.join('\n')).wrong.length === 0) missed.push(line);
    }
    expect([lines.length > 30, missed]).toEqual([true, []]);
    expect(hashBlock((await readArchived(bucket, day))?.parts[0]?.blocks[0] as never)).toMatch(/^[\w-]{43}$/);
  });
});
