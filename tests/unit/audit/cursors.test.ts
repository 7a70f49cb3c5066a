import { describe, expect, it } from 'vitest';
import { placeForm } from '../../../functions/audit/domain/audit-row.ts';
import { readVerifyCursor, writeVerifyCursor } from '../../../functions/audit/use-cases/verify-cursor.ts';
import { writeListCursor } from '../../../functions/platform/api/list-cursor.ts';
import { readPageCursor as readCursor, writePageCursor } from '../../../functions/platform/api/page-cursor.ts';
import { fc } from '../../support/properties.ts';
import { listPage } from './list-all.ts';
import { createMemoryTable } from './memory-table.ts';
import { rowItem, sampleRow } from './sample-rows.ts';

const now = new Date('2026-02-20T00:00:00.000Z');
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const position = fc.tuple(time, fc.uuid()).map(([at, id]) => `${at}#${id}`);
/** A row, or the end of a second, day or month, as lists page by them. */
const place = fc.oneof(
  position,
  fc
    .tuple(time, fc.constantFrom(7, 10, 19), fc.constantFrom('', '~'))
    .map(([at, length, end]) => `${at.slice(0, length)}${end}`),
);
const readPageCursor = (list: string, cursor: string) => readCursor(list, cursor, placeForm);
const count = fc.nat({ max: 1_000 });

describe('a cursor', () => {
  it('of a page is read as it was written, by its own list alone', () => {
    const start = fc.record({ from: place, skip: count, total: count, capped: fc.boolean() });
    fc.assert(
      fc.property(start, (state) => {
        expect(readPageCursor('a list', writePageCursor('a list', state))).toEqual(state);
        expect(() => readPageCursor('another', writePageCursor('a list', state))).toThrow(
          expect.objectContaining({ code: 'VALIDATION_ERROR' }),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a verification is read as it was written', () => {
    const hash = fc.stringMatching(/^[\w-]{43}$/);
    const progress = fc.record({
      seq: count,
      hash: fc.oneof(fc.constant(''), hash),
      lying: count,
      chained: count,
      read: fc.oneof(fc.constant(''), position),
    });
    const state = fc.record({
      horizon: time,
      month: time.map((at) => at.slice(0, 7)),
      scope: fc.uuid(),
      finished: fc.boolean(),
      progress,
    });
    fc.assert(
      fc.property(state, (given) => {
        expect(readVerifyCursor('a list', writeVerifyCursor('a list', given))).toEqual(given);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    '',
    '1',
    '1 0 2026-13',
    '1 0 2026-00',
    '99999 0 2026-01',
    '1 0 2026-01-01T00:00:00.000Z#a b',
    '1 0 zzzz-zz',
  ])('that says %j is refused', (state) => {
    for (const read of [readPageCursor, readVerifyCursor]) {
      expect(() => read('a list', writeListCursor('a list', state || ' '))).toThrow(
        expect.objectContaining({ code: 'VALIDATION_ERROR' }),
      );
    }
  });
});

describe('times beyond four digits of a year', () => {
  it('are before or behind every row', async () => {
    const table = createMemoryTable();
    const row = sampleRow();
    table.put(rowItem(row));
    const countOf = async (query: object) =>
      (await listPage(table, now, { workspace_id: row.workspace_id as string, ...query })).rows.length;
    const [before, behind] = ['-000001-12-31T23:59:59.000Z', '+010000-01-01T00:00:00.000Z'];
    for (const direction of ['asc', 'desc']) {
      const sort = { field: 'created_at', direction };
      expect(await countOf({ sort, start_time: before, end_time: behind })).toBe(1);
      expect(await countOf({ sort, start_time: behind })).toBe(0);
      expect(await countOf({ sort, end_time: before })).toBe(0);
      expect((await listPage(table, now, { sort, end_time: before } as never)).rows).toEqual([]);
      expect((await listPage(table, now, { sort, start_time: behind } as never)).rows).toEqual([]);
    }
  });
});
