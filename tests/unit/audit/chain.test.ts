import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { partitionOf, positionOf } from '../../../functions/audit/domain/audit-row.ts';
import type { ChainStore } from '../../../functions/audit/ports.ts';
import { createChainStore } from '../../../functions/audit/store/chain-store.ts';
import { createIndexStore } from '../../../functions/audit/store/index-store.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { beginning, sampleRow } from './sample-rows.ts';

const storesOf = (table: MemoryTable) => ({ chain: createChainStore(table), index: createIndexStore(table) });

const rowsOf = (count: number, seed: number): AuditLog[] => {
  const random = seededRandom(seed);
  let at = beginning;
  return Array.from({ length: count }, () => {
    at += Math.floor(random() * 400);
    return sampleRow({ at, random });
  });
};

async function chainedOf(chain: ChainStore, row: AuditLog): Promise<string[]> {
  const blocks = [];
  for (;;) {
    const more = await chain.blocks(partitionOf(row), blocks.length, 50);
    if (more.length === 0) return blocks.flatMap(({ links }) => links.map(({ position }) => position));
    blocks.push(...more);
  }
}

/** Batches as a stream may deliver them: cut anywhere, overlapping, each twice, some of them much later once more. */
function deliveriesOf(rows: readonly AuditLog[], random: () => number): AuditLog[][] {
  const deliveries: AuditLog[][] = [];
  for (let at = 0; at < rows.length; ) {
    const size = 1 + Math.floor(random() * 40);
    const batch = rows.slice(Math.max(0, at - Math.floor(random() * 20)), at + size);
    deliveries.push(batch, batch);
    if (random() < 0.2) deliveries.push(rows.slice(0, Math.floor(random() * at)));
    at += size;
  }
  return deliveries;
}

describe('the chain of a partition', () => {
  it('holds each of 500 rows once, though every batch comes twice and overlaps', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const stores = storesOf(createMemoryTable());
      const rows = rowsOf(500, seed);
      for (const batch of deliveriesOf(rows, seededRandom(seed))) {
        expect(await chainRows(stores, batch)).toEqual(new Map());
      }
      const chained = await chainedOf(stores.chain, rows[0] as AuditLog);
      expect(chained.toSorted()).toEqual(rows.map(positionOf).toSorted());
    }
  });

  it('holds each row once when consumers of four shards add to it at once', async () => {
    const table = createMemoryTable();
    const random = seededRandom(7);
    const rows = rowsOf(400, 7);
    const shards = Array.from({ length: 4 }, () =>
      deliveriesOf(
        rows.filter(() => random() < 0.6),
        random,
      ),
    );
    let moved = 0;
    const runShard = async (deliveries: AuditLog[][]) => {
      const { chain, index } = storesOf(table);
      const counting: ChainStore = {
        ...chain,
        append: async (block, head) => {
          const added = await chain.append(block, head);
          if (!added) moved += 1;
          return added;
        },
      };
      for (const batch of deliveries) expect(await chainRows({ chain: counting, index }, batch)).toEqual(new Map());
    };
    await Promise.all(shards.map(runShard));
    const sent = new Set(shards.flat(2).map(positionOf));
    const chained = await chainedOf(createChainStore(table), rows[0] as AuditLog);
    expect(chained.toSorted()).toEqual([...sent].toSorted());
    // The control: without conflicts this would have shown nothing.
    expect(moved).toBeGreaterThan(10);
  });

  it('holds rows twice once it does not look for those that are chained already', async () => {
    const { chain, index } = storesOf(createMemoryTable());
    const blind: ChainStore = { ...chain, chainedSince: async () => new Set() };
    const rows = rowsOf(100, 1);
    for (const batch of deliveriesOf(rows, seededRandom(1))) await chainRows({ chain: blind, index }, batch);
    expect((await chainedOf(chain, rows[0] as AuditLog)).length).toBeGreaterThan(rows.length);
  });

  it('takes a batch of new rows without reading a block', async () => {
    const table = createMemoryTable();
    const stores = storesOf(table);
    const rows = rowsOf(40, 3);
    await chainRows(stores, rows.slice(0, 20));
    let reads = 0;
    const watched: MemoryTable = {
      ...table,
      query: (query) => {
        reads += 1;
        return table.query(query);
      },
    };
    await chainRows(storesOf(watched), rows.slice(20));
    expect(reads).toBe(0);
  });

  it('ties the first block of a month to the last one before', async () => {
    const stores = storesOf(createMemoryTable());
    const january = sampleRow({ at: Date.parse('2026-01-31T23:59:59.900Z') });
    const march = sampleRow({ at: Date.parse('2026-03-01T00:00:00.000Z') });
    await chainRows(stores, [january]);
    await chainRows(stores, [march]);
    const [head] = await stores.chain.heads([partitionOf(january)]);
    const first = await stores.chain.block(partitionOf(march), 1);
    expect(first).toMatchObject({ seq: 1, prev: head?.hash, tie: { month: '2026-01', seq: 1 } });
  });
});
