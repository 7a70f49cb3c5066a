import { beforeEach, describe, expect, it } from 'vitest';
import { anchorHeads } from '../../../functions/audit/chain/anchor-heads.ts';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { readAnchor, tieTo } from '../../../functions/audit/domain/anchor.ts';
import { createAnchorStore } from '../../../functions/audit/store/anchor-store.ts';
import { headItem, readBlock } from '../../../functions/audit/store/chain-item.ts';
import { createChainStore } from '../../../functions/audit/store/chain-store.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { idAt, rowItem, sampleRow } from './sample-rows.ts';
import { sceneOf } from './tampering.ts';
import { storesOf, verifyAll } from './verify-all.ts';

const workspaceId = idAt(Date.parse('2026-01-20T08:00:00.000Z'), seededRandom(1));
const anotherId = idAt(Date.parse('2026-01-20T08:00:01.000Z'), seededRandom(2));
const tickAt = new Date('2026-02-20T00:00:00.000Z');

let table: MemoryTable;
let bucket: MemoryBucket;
let errors: string[];
let random: () => number;
let hours: number;

beforeEach(() => {
  table = createMemoryTable();
  bucket = createMemoryBucket();
  errors = [];
  random = seededRandom(7);
  hours = 0;
});

/** Rows of February, three a block, in the table and in its chain. */
async function grow(blocks: number, scope = workspaceId): Promise<void> {
  for (let block = 0; block < blocks; block += 1) {
    const rows = Array.from({ length: 3 }, () => {
      hours += 1;
      const at = Date.parse('2026-02-10T00:00:00.000Z') + hours * 60_000;
      return sampleRow({ at, random, fields: { workspace_id: scope } });
    });
    for (const row of rows) table.put(rowItem(row));
    await chainRows(storesOf(table), rows);
  }
}

const anchors = () => createAnchorStore(bucket);
const tick = (at = tickAt) =>
  anchorHeads({
    chain: createChainStore(table),
    anchors: anchors(),
    log: { info: () => undefined, error: (message) => void errors.push(message) },
  })(at);
const verify = (scope?: string) => verifyAll(table, tickAt, scope, undefined, anchors());

/** Rows, blocks and head as they were some blocks ago. */
function rollBack(blocks: number, scope = workspaceId): void {
  const scene = sceneOf(table, random, scope);
  const cut = scene.blocks.slice(-blocks);
  const links = cut.flatMap((block) => block['links'] as string[]);
  for (const row of scene.rows) if (links.some((link) => link.startsWith(row.sk))) table.delete(row);
  for (const block of cut) table.delete(block);
  const end = scene.blocks.at(-blocks - 1);
  if (end === undefined) {
    for (const head of scene.heads) table.delete(head);
    table.delete({ pk: 'AUDITCHAIN#2026-02', sk: scope });
  } else table.put(headItem({ ...readBlock(end), rows: 3 * (scene.blocks.length - blocks) }));
}

describe('an anchor', () => {
  it('holds the heads of a month, tied to the anchor before', async () => {
    await grow(2);
    await tick();
    await grow(1);
    await grow(1, anotherId);
    await tick();
    const [first = '', second = ''] = [...bucket.objects.keys()];
    expect([first, second]).toEqual(['anchors/2026-02/000001.json', 'anchors/2026-02/000002.json']);
    const stored = (key: string) => ({ key, bytes: bucket.objects.get(key) as Uint8Array });
    const { number, previous, heads } = readAnchor(stored(second));
    expect(number).toBe(2);
    expect(previous).toEqual(tieTo(stored(first)));
    expect(heads.map(({ scope, seq, rows }) => [scope, seq, rows])).toEqual(
      [
        [workspaceId, 3, 9],
        [anotherId, 1, 3],
      ].sort(),
    );
    expect(readAnchor(stored(first)).previous).toBeNull();
  });

  it('is not added where no chain has grown', async () => {
    await grow(1);
    await tick();
    await tick();
    expect(bucket.objects.size).toBe(1);
  });

  it('is added once by two ticks at once', async () => {
    await grow(1);
    await Promise.all([tick(), tick()]);
    expect(bucket.objects.size).toBe(1);
  });

  it("of the last month takes late rows up to the middle of this one, and ties the next month's first to it", async () => {
    await grow(1);
    await tick(new Date('2026-03-16T12:00:00.000Z'));
    expect([...bucket.objects.keys()]).toEqual(['anchors/2026-02/000001.json']);
    await chainRows(storesOf(table), [
      sampleRow({ at: Date.parse('2026-03-02T00:00:00.000Z'), random, fields: { workspace_id: workspaceId } }),
    ]);
    await tick(new Date('2026-03-17T12:00:00.000Z'));
    const last = await anchors().last('2026-03');
    expect(last?.previous?.key).toBe('anchors/2026-02/000001.json');
  });
});

describe('a verification behind an anchor', () => {
  it('says until when rows are anchored, and finds nothing where nothing was done', async () => {
    await grow(3);
    await tick();
    const anchored = await verify(workspaceId);
    await grow(1);
    const grown = await verify(workspaceId);
    expect(anchored).toMatchObject({ intact: true, anchored_until: anchored.chained_until });
    expect(grown).toMatchObject({ intact: true, anchored_until: anchored.chained_until });
    expect(String(grown.chained_until) > String(anchored.chained_until)).toBe(true);
  });

  it.each([1, 2, 5])('finds that rows, blocks and head of %i blocks were taken away together', async (blocks) => {
    await grow(5);
    const untied = await verify(workspaceId);
    await tick();
    rollBack(blocks);
    expect(untied.intact).toBe(true);
    expect((await verify(workspaceId)).breaks).toEqual([expect.objectContaining({ kind: 'truncated', block: 5 })]);
    // The chain's entry in the directory may have gone, too.
    expect((await verify()).breaks).toContainEqual(expect.objectContaining({ kind: 'truncated', block: 5 }));
  });

  it('finds each of 100 rollbacks, of any length, before any row of the chain', async () => {
    const missed: number[] = [];
    for (let seed = 0; seed < 100; seed += 1) {
      table = createMemoryTable();
      bucket = createMemoryBucket();
      const choose = seededRandom(seed);
      const length = 1 + Math.floor(choose() * 6);
      await grow(length);
      await tick();
      const later = Math.floor(choose() * 3);
      await grow(later);
      // At least one block of those that were anchored.
      rollBack(later + 1 + Math.floor(choose() * length));
      if (choose() < 0.5) await grow(1 + Math.floor(choose() * 4));
      if ((await verify(workspaceId)).intact) missed.push(seed);
    }
    expect(missed).toEqual([]);
  });

  it('does not find what was taken away before it was anchored: that is how far it reaches', async () => {
    await grow(3);
    await tick();
    await grow(2);
    rollBack(2);
    expect((await verify(workspaceId)).intact).toBe(true);
  });

  it('finds a chain that was rolled back and grew on, even after later ticks, which ring the alarm', async () => {
    await grow(5);
    await tick();
    rollBack(3);
    await grow(4);
    await expect(tick()).rejects.toThrow('cannot anchor 1 chains');
    await grow(1, anotherId);
    await expect(tick()).rejects.toThrow('cannot anchor 1 chains');
    expect(errors).toHaveLength(2);
    expect((await verify(workspaceId)).breaks).toEqual([expect.objectContaining({ kind: 'edited', block: 5 })]);
    expect((await anchors().last('2026-02'))?.heads).toHaveLength(2);
    expect((await verify(anotherId)).intact).toBe(true);
  });
});
