import type { Item, Page, Table } from '../../platform/table/types.ts';
import { monthOf, newer, older, type Partition, type Position, readAuditRow } from '../domain/audit-row.ts';
import { firstMonthOf, monthAfter, monthBefore } from '../domain/months.ts';
import type { AuditRowStore, RowOf, StoredRow, Stretch } from '../ports.ts';
import { rowKey, rowPartition } from './keys.ts';
import { behind, isWithin, slackMs } from './stretch.ts';

/** A row has some 450 bytes: 1,001, as many as are counted, are 57 RCU, eventually consistent. */
const rowsAtOnce = { least: 25, most: 1_001 };

/** Where a month has been read to its end: before its first position, or behind its last. */
const endOf = (month: string, direction: Stretch['direction']): Position =>
  direction === 'asc' ? `${month}${behind}` : month;

/** The months that a stretch spans, in its order. */
function* monthsOf(scope: string, { direction, from, start, end }: Stretch, now: Date): Generator<string> {
  const step = direction === 'asc' ? monthAfter : monthBefore;
  const first = newer(firstMonthOf(scope, now), monthOf(start ?? ''));
  const last = older(monthOf(new Date(now.getTime() + slackMs).toISOString()), monthOf(end ?? behind));
  const [outer, inner] = direction === 'asc' ? [first, newer] : [last, older];
  const passed = from !== undefined && from === endOf(monthOf(from), direction);
  let month = from === undefined ? outer : inner(outer, passed ? step(monthOf(from)) : monthOf(from));
  for (; month >= first && month <= last; month = step(month)) yield month;
}

/** The sort keys of a month's rows that a stretch needs; the ends themselves may be beyond it. */
function keyRange(month: string, { direction, from = '', start = '', end = behind }: Stretch) {
  const low = newer(newer(month, start), direction === 'asc' ? from : '');
  const high = older(older(`${month}${behind}`, end), direction === 'desc' && from !== '' ? from : behind);
  return { from: low, to: high };
}

const stored = (item: Item): StoredRow => ({
  position: item.sk,
  row: readAuditRow(item),
  keyId: typeof item['key_id'] === 'string' ? item['key_id'] : undefined,
});

const found = (item: Item): RowOf[] => {
  const row = readAuditRow(item);
  return row === undefined ? [] : [{ position: item.sk, row }];
};

export function createRowStore(table: Table): AuditRowStore {
  return {
    async *read(scope, stretch, now) {
      let wanted = stretch.wanted;
      for (const month of monthsOf(scope, stretch, now)) {
        const query = {
          pk: rowPartition({ scope, month }),
          ...keyRange(month, stretch),
          descending: stretch.direction === 'desc',
        };
        let after: Page['next'];
        do {
          const limit = Math.min(Math.max(wanted, rowsAtOnce.least), rowsAtOnce.most);
          const page = await table.query({ ...query, limit, after, consistent: false });
          const entries = page.items.flatMap(found).filter(({ position }) => isWithin(position, stretch));
          after = page.next;
          yield { entries, reached: after?.sk ?? endOf(month, stretch.direction) };
          wanted -= entries.length;
        } while (after !== undefined);
      }
    },
    async find(places) {
      const items = await table.getMany(
        places.map(({ position, ...partition }) => rowKey(partition, position)),
        { consistent: false },
      );
      return items.flatMap((item) => readAuditRow(item) ?? []);
    },
    async scan(partition: Partition, { after, to, limit }) {
      const range = { from: after === '' ? undefined : after, to };
      const items = await table.queryAll({ pk: rowPartition(partition), ...range, limit: limit + 1 }, limit + 1);
      return items
        .filter(({ sk }) => sk > after)
        .slice(0, limit)
        .map(stored);
    },
    async load(partition, positions) {
      return (await table.getMany(positions.map((position) => rowKey(partition, position)))).map(stored);
    },
  };
}
