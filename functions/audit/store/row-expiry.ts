import { inParallel } from '../../platform/in-parallel.ts';
import { exists } from '../../platform/table/fragment.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Key, Page, Table } from '../../platform/table/types.ts';
import { partitionOf, positionOf } from '../domain/audit-row.ts';
import type { RowExpiry } from '../ports.ts';
import { dayPartition, daysPartition, rowKey } from './keys.ts';

/** One partition of the table takes 1,000 writes a second, and other work may be on it. */
const writesAtOnce = 8;
const digestsAtOnce = 200;

/** By the table's own TTL, which deletes within 48 hours and for nothing. */
export function createRowExpiry(table: Table): RowExpiry {
  /** Leaves alone what has gone already: an update must not make an item anew. */
  function expire(item: Key, at: Date): Promise<unknown> {
    const change = { text: 'SET #ttl = :ttl', values: { ttl: Math.floor(at.getTime() / 1_000) } };
    return unlessRefused(table.write({ update: item, change, condition: exists, otherwise: refused }));
  }

  return {
    async expireRows(rows, at) {
      await inParallel(writesAtOnce, rows, (row) => expire(rowKey(partitionOf(row), positionOf(row)), at));
    },
    async expireIndex(day, at) {
      let after: Page['next'];
      do {
        const page: Page = await table.query({ pk: dayPartition(day), limit: digestsAtOnce, after });
        await inParallel(writesAtOnce, page.items, ({ pk, sk }) => expire({ pk, sk }, at));
        after = page.next;
      } while (after !== undefined);
      await expire({ pk: daysPartition, sk: day }, at);
    },
  };
}
