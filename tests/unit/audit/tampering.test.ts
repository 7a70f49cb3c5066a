import { beforeAll, describe, expect, it } from 'vitest';
import { anchorHeads } from '../../../functions/audit/chain/anchor-heads.ts';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { createAnchorStore } from '../../../functions/audit/store/anchor-store.ts';
import { headItem, readBlock } from '../../../functions/audit/store/chain-item.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { createMemoryBucket } from './memory-bucket.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { beginning, idAt, rowItem, sampleRow } from './sample-rows.ts';
import { type Scene, sceneOf, tampers } from './tampering.ts';
import { storesOf, verifyAll } from './verify-all.ts';

const workspaceId = idAt(Date.parse('2026-01-20T08:00:00.000Z'), seededRandom(1));
const now = new Date('2026-02-20T00:00:00.000Z');
const cases = 100;

/** 240 rows of one workspace in two months, in batches of 1 to 24, and some of another. */
async function chainedTable(): Promise<MemoryTable> {
  const table = createMemoryTable();
  const random = seededRandom(42);
  const fields = { workspace_id: workspaceId };
  const times = Array.from({ length: 240 }, (_, nth) => beginning + nth * 600_000);
  const rows = times.map((at) => sampleRow({ at, random, fields }));
  for (const row of rows) table.put(rowItem(row));
  for (let at = 0; at < rows.length; ) {
    const size = 1 + Math.floor(random() * 24);
    await chainRows(storesOf(table), [...rows.slice(at, at + size), sampleRow({ at: times[at] as number, random })]);
    at += size;
  }
  return table;
}

let original: MemoryTable;
beforeAll(async () => {
  original = await chainedTable();
});

function copyOf(table: MemoryTable): MemoryTable {
  const copy = createMemoryTable();
  for (const partition of table.partitions.values()) for (const item of partition.values()) copy.put(item);
  return copy;
}

const tampered = (seed: number, tamper: (scene: Scene) => void): MemoryTable => {
  const table = copyOf(original);
  tamper(sceneOf(table, seededRandom(seed), workspaceId));
  return table;
};

describe('a verification of the audit chain', () => {
  it('finds nothing where nothing was done', async () => {
    const verdict = await verifyAll(original, now, workspaceId);
    expect(verdict).toMatchObject({
      intact: true,
      breaks: [],
      checked: { chains: 2, rows: 240 },
      anchored_until: null,
    });
    expect(verdict.chained_until).toBe(new Date(beginning + 239 * 600_000).toISOString());
  });

  for (const [kind, ways] of Object.entries(tampers)) {
    it(`finds each of ${cases} cases of ${kind}`, async () => {
      const missed: number[] = [];
      for (let seed = 0; seed < cases; seed += 1) {
        const way = ways[seed % ways.length] as (scene: Scene) => void;
        const { intact } = await verifyAll(tampered(seed, way), now, workspaceId);
        if (intact) missed.push(seed);
      }
      expect(missed).toEqual([]);
    });
  }

  it('comes to the same end when each call has time for one step only', async () => {
    let time = 0;
    const hurried = await verifyAll(original, now, workspaceId, () => {
      time += 5_000;
      return time;
    });
    expect(hurried).toMatchObject({ intact: true, checked: { chains: 2, rows: 240 } });
    expect(hurried.calls).toBeGreaterThan(4);
    const deleted = tampered(1, ({ table, rows }) => table.delete(rows[120] as Item));
    const found = await verifyAll(deleted, now, workspaceId, () => {
      time += 5_000;
      return time;
    });
    expect(found.breaks).toMatchObject([{ kind: 'deleted' }]);
  });

  it('names the row that was edited, and the one that was deleted', async () => {
    const row = sceneOf(original, Math.random, workspaceId).rows[100] as Item;
    const edited = await verifyAll(
      tampered(1, ({ table }) => table.put({ ...row, status: 500 })),
      now,
      workspaceId,
    );
    expect(edited.breaks).toMatchObject([
      { kind: 'edited', scope_id: workspaceId, month: '2026-02', row_id: row['id'] },
    ]);
    const deleted = await verifyAll(
      tampered(1, ({ table }) => table.delete(row)),
      now,
      workspaceId,
    );
    expect(deleted.breaks).toMatchObject([{ kind: 'deleted', row_id: row['id'], created_at: row['created_at'] }]);
  });

  it('names the month and the block from which a chain is cut off', async () => {
    const { blocks } = sceneOf(original, Math.random, workspaceId);
    const last = readBlock(blocks.at(-1) as Item);
    const { breaks } = await verifyAll(
      tampered(1, ({ table }) => table.delete(blocks.at(-1) as Item)),
      now,
      workspaceId,
    );
    expect(breaks).toContainEqual(expect.objectContaining({ kind: 'truncated', month: last.month, block: last.seq }));
  });

  it('names a row that was put in beside the chain', async () => {
    const row = sampleRow({ at: beginning + 239 * 600_000 + 1, fields: { workspace_id: workspaceId } });
    const { breaks } = await verifyAll(
      tampered(1, ({ table }) => table.put(rowItem(row))),
      now,
      workspaceId,
    );
    expect(breaks).toMatchObject([{ kind: 'unchained', row_id: row.id }]);
  });

  it('does not ask for rows in the chain that are younger than a quarter of an hour', async () => {
    const row = sampleRow({ at: now.getTime() - 14 * 60_000, fields: { workspace_id: workspaceId } });
    const { intact } = await verifyAll(
      tampered(1, ({ table }) => table.put(rowItem(row))),
      now,
      workspaceId,
    );
    expect(intact).toBe(true);
  });

  it.each(['2026-01', '2026-02'])(
    'of all chains finds that months up to %s are gone, with all that named them',
    async (to) => {
      const anchors = createAnchorStore(createMemoryBucket());
      const log = { info: () => undefined, error: () => undefined };
      await anchorHeads({ ...storesOf(original), anchors, log })(new Date('2026-02-02T00:00:00.000Z'));
      // Of the other workspace there are chains alone.
      const breaksIn = async (table: MemoryTable) =>
        (await verifyAll(table, now, undefined, undefined, anchors)).breaks.filter(
          (found) => found.scope_id === workspaceId,
        );
      expect(await breaksIn(original)).toEqual([]);
      const names = (text: string) => /2026-\d\d/.exec(text)?.[0] ?? '';
      const left = createMemoryTable();
      for (const partition of original.partitions.values())
        for (const item of partition.values()) {
          const month = names(`${item.pk} ${item.sk}`);
          if (month === '' || month > to) left.put(item);
        }
      expect(await breaksIn(left)).toContainEqual(expect.objectContaining({ kind: 'truncated', month: '2026-01' }));
    },
  );

  // What the anchor outside of the table is for; the test shows that the limit which the API's description states is the true one.
  it('does not find a cut that agrees with itself in rows, blocks and head', async () => {
    const cut = tampered(1, (scene) => {
      const last = scene.blocks.at(-1) as Item;
      const before = readBlock(scene.blocks.at(-2) as Item);
      for (const row of scene.rows)
        if ((last['links'] as string[]).some((link) => link.startsWith(row.sk))) scene.table.delete(row);
      scene.table.delete(last);
      scene.table.put(headItem({ ...before, rows: 0 }));
    });
    expect((await verifyAll(cut, now, workspaceId)).intact).toBe(true);
  });
});
