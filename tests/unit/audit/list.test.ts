import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { digestsOf } from '../../../functions/audit/domain/digest.ts';
import { createIndexStore } from '../../../functions/audit/store/index-store.ts';
import { fc } from '../../support/properties.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { type ListQuery, listAll, listPage } from './list-all.ts';
import { createMemoryTable } from './memory-table.ts';
import { idAt, rowItem, sampleRow } from './sample-rows.ts';

const workspaces = [1, 2, 3].map((nth) => idAt(Date.parse('2025-11-20T08:00:00.000Z') + nth, seededRandom(nth)));
const users = [4, 5, 6].map((nth) => idAt(Date.parse('2025-11-19T08:00:00.000Z') + nth, seededRandom(nth)));
const now = new Date('2026-02-20T00:00:00.000Z');

/** Rows whose calls lie `gaps` milliseconds apart, in the table and in the index, by batches that overlap. */
async function tableOf(gaps: readonly number[], seed: number) {
  const table = createMemoryTable();
  const random = seededRandom(seed);
  const pick = <T>(things: readonly T[]) => things[Math.floor(random() * things.length)] as T;
  let at = Date.parse('2025-11-30T23:59:00.000Z');
  const rows = gaps.map((gap) => {
    at += gap;
    const fields: Partial<AuditLog> = {
      user_id: pick(users),
      workspace_id: random() < 0.2 ? null : pick(workspaces),
      action: pick(['create', 'read', 'delete']),
      resource: pick(['vm', 'credential']),
      success: random() < 0.8,
    };
    return sampleRow({ at, random, fields });
  });
  for (const row of rows) table.put(rowItem(row));
  for (let from = 0; from < rows.length; ) {
    const size = 1 + Math.floor(random() * 30);
    await createIndexStore(table).add(
      digestsOf(rows.slice(Math.max(0, from - Math.floor(random() * 10)), from + size)),
    );
    from += size;
  }
  return { table, rows };
}

const fitsQuery = (query: Partial<ListQuery>) => (row: AuditLog) =>
  (query.workspace_id === undefined || row.workspace_id === query.workspace_id) &&
  (query.user_id === undefined || query.user_id.includes(row.user_id)) &&
  (query.action === undefined || query.action.includes(row.action)) &&
  (query.resource === undefined || query.resource.includes(row.resource)) &&
  (query.success === undefined || row.success === query.success) &&
  (query.start_time === undefined || row.created_at >= query.start_time) &&
  (query.end_time === undefined || row.created_at < query.end_time);

const time = fc.integer({ min: Date.parse('2025-11-01'), max: now.getTime() }).map((at) => new Date(at).toISOString());

/** Without what is undefined, as the middleware hands a query over. */
const queries: fc.Arbitrary<Partial<ListQuery>> = fc
  .record(
    {
      workspace_id: fc.constantFrom(...workspaces),
      user_id: fc.subarray(users, { minLength: 1 }),
      action: fc.subarray(['create', 'read', 'delete'], { minLength: 1 }),
      success: fc.boolean(),
      start_time: time,
      end_time: time,
      limit: fc.constantFrom(1, 2, 7, 20, 50),
    },
    { requiredKeys: ['limit'] },
  )
  .chain((query) =>
    fc
      .constantFrom('asc' as const, 'desc' as const)
      .map((direction) => ({ ...query, sort: { field: 'created_at' as const, direction } })),
  );

/** Seconds that hold many rows, and gaps of minutes, days and weeks. */
const gaps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
    fc.constantFrom(60_000, 86_400_000, 1_000_000_000),
  ),
  { maxLength: 60, size: 'max' },
);

describe('the pages of audit rows', () => {
  it('hold each row that fits once, in order, from all workspaces or one', async () => {
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer(), queries, async (distances, seed, query) => {
        const { table, rows } = await tableOf(distances, seed);
        // What is made after now may be listed or not: clocks of functions differ.
        fc.pre(rows.every((row) => row.created_at <= now.toISOString()));
        const expected = rows.filter(fitsQuery(query)).map(positionOf).sort();
        if (query.sort?.direction === 'desc') expected.reverse();
        const pages = await listAll(table, now, query);
        expect(pages.flatMap((page) => page.rows.map(positionOf))).toEqual(expected);
        expect(pages.map(({ pagination }) => pagination.total)).toEqual(pages.map(() => expected.length));
        expect(pages.map(({ pagination }) => pagination.has_prev)).toEqual(pages.map((_, nth) => nth > 0));
      }),
      { numRuns: 1_000 },
    );
  });

  it('skip by offset as they do by cursor', async () => {
    const { table } = await tableOf(
      Array.from({ length: 90 }, () => 137),
      9,
    );
    for (const workspace_id of [undefined, workspaces[0]]) {
      const all = await listPage(table, now, { limit: 100, ...(workspace_id && { workspace_id }) });
      for (const offset of [0, 1, 17, 89, 90, 1_000]) {
        const { rows, pagination } = await listPage(table, now, {
          limit: 10,
          offset,
          ...(workspace_id && { workspace_id }),
        });
        expect(rows).toEqual(all.rows.slice(offset, offset + 10));
        expect(pagination).toMatchObject({
          total: all.rows.length,
          has_next: offset + 10 < all.rows.length,
          has_prev: offset > 0,
        });
      }
    }
  });

  it('count to 1,000 exactly, and say when there is more', async () => {
    for (const [count, total, capped] of [
      [999, 999, undefined],
      [1_000, 1_000, undefined],
      [1_001, 1_000, true],
    ] as const) {
      const { table } = await tableOf(
        Array.from({ length: count }, () => 40),
        3,
      );
      const { pagination } = await listPage(table, now);
      expect([pagination.total, pagination.total_capped]).toEqual([total, capped]);
    }
  });

  it('are short behind a filter that passes little, and go on', async () => {
    const { table, rows } = await tableOf(
      Array.from({ length: 6_000 }, () => 20),
      5,
    );
    const times = rows.filter((_, nth) => nth % 1_500 === 0).map((row) => Date.parse(row.created_at) + 1);
    const rare = times.map((at) => sampleRow({ at, fields: { action: 'rare' } }));
    for (const row of rare) table.put(rowItem(row));
    await createIndexStore(table).add(digestsOf(rare));
    const pages = await listAll(table, now, { action: ['rare'], sort: { field: 'created_at', direction: 'asc' } });
    expect(pages.flatMap((page) => page.rows.map(({ id }) => id))).toEqual(rare.map(({ id }) => id));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]?.pagination).toMatchObject({ has_next: true, total_capped: true });
    const skipped = await listAll(table, now, { action: ['rare'], offset: 3 });
    expect(skipped.flatMap((page) => page.rows.map(({ id }) => id))).toEqual([rare[0]?.id]);
  });
});

async function costOf(count: number, query: Partial<ListQuery>): Promise<number[]> {
  const { table } = await tableOf(
    Array.from({ length: count }, () => 100),
    8,
  );
  const pages = [await listPage(table, now, query)];
  for (let nth = 0; nth < 2; nth += 1) {
    const cursor = pages.at(-1)?.pagination.next_cursor;
    pages.push(await listPage(table, now, { ...query, cursor: cursor ?? '' }));
  }
  return pages.map(({ rcu }) => rcu);
}

describe('the cost of a page', () => {
  it('does not grow with the table: behind the first page with its count, nor with it once there are 1,000', async () => {
    for (const query of [{}, { workspace_id: workspaces[0] as string }, { action: ['create'] }]) {
      const costs = await Promise.all([5_000, 10_000].map((count) => costOf(count, query)));
      for (const nth of [0, 1, 2]) {
        const [small = 0, large = 0] = costs.map((pages) => pages[nth]);
        // How rows fell into batches makes a little difference; a table of twice the size would make twice as much.
        expect(large).toBeLessThan(1.1 * small + 1);
      }
    }
  });
});
