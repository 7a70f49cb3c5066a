import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, type Query, type Table } from '../../../functions/platform/table/index.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
let table: Table;

const rows = Array.from({ length: 45 }, (_, index) => {
  const sk = `ROW#${String(index).padStart(2, '0')}`;
  return { pk: 'LIST', sk, gsi1pk: index % 2 ? 'ODD' : 'EVEN', gsi1sk: `AT#${Math.floor(index / 10)}` };
});

beforeAll(async () => {
  backend = await startBackend();
  ({ table } = backend);
  await table.transact(rows.map((put) => ({ put })));
  await table.write({ put: { pk: 'LIST', sk: 'ROX' } });
}, 60_000);
afterAll(() => backend?.stop());

/** Pages as a client turns them: by cursors of text. */
async function turnPages(query: Query, limit: number) {
  const scope = JSON.stringify(query);
  const pages: unknown[][] = [];
  let cursor: string | undefined;
  do {
    const after = cursor === undefined ? undefined : decodeCursor(scope, cursor);
    const page = await table.query({ ...query, limit, after });
    pages.push(page.items);
    cursor = page.next && encodeCursor(scope, page.next);
  } while (cursor !== undefined);
  return pages;
}

describe('pages', () => {
  it.each([1, 7, 15, 45, 46])('of %i rows hold each row once, in order', async (limit) => {
    const pages = await turnPages({ pk: 'LIST', prefix: 'ROW#' }, limit);
    expect(pages.flat()).toEqual(rows);
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it('go backwards', async () => {
    expect((await turnPages({ pk: 'LIST', prefix: 'ROW#', descending: true }, 7)).flat()).toEqual(rows.toReversed());
  });

  it('of the index hold each row once, those with equal sort keys too', async () => {
    for (const descending of [false, true]) {
      const found = (await turnPages({ pk: 'ODD', index: 'gsi1', prefix: 'AT#', descending }, 3)).flat() as typeof rows;
      expect(found.map(({ sk }) => sk).toSorted()).toEqual(
        rows.filter(({ gsi1pk }) => gsi1pk === 'ODD').map(({ sk }) => sk),
      );
      const order = found.map(({ gsi1sk }) => gsi1sk);
      expect(order).toEqual(descending ? order.toSorted().toReversed() : order.toSorted());
    }
  });

  it('hold a range with both of its ends', async () => {
    expect(await table.queryAll({ pk: 'LIST', from: 'ROW#10', to: 'ROW#19' })).toEqual(rows.slice(10, 20));
    expect(await table.queryAll({ pk: 'LIST', from: 'ROW#40' })).toEqual([
      ...rows.slice(40),
      { pk: 'LIST', sk: 'ROX' },
    ]);
    expect(await table.queryAll({ pk: 'LIST', to: 'ROW#02' })).toEqual(rows.slice(0, 3));
  });

  it('are counted, to a limit when it is given', async () => {
    expect(await table.count({ pk: 'LIST' })).toBe(46);
    expect(await table.count({ pk: 'LIST', prefix: 'ROW#', limit: 20 })).toBe(20);
    expect(await table.count({ pk: 'ODD', index: 'gsi1' })).toBe(22);
    expect(await table.count({ pk: 'NOBODY' })).toBe(0);
  });

  it('end at 1 MB and go on from there', async () => {
    const big = Array.from({ length: 6 }, (_, index) => ({ pk: 'BIG', sk: String(index), text: 'x'.repeat(300_000) }));
    for (const put of big) await table.write({ put });
    expect((await table.query({ pk: 'BIG' })).next).toBeDefined();
    expect((await table.queryAll({ pk: 'BIG' })).map(({ sk }) => sk)).toEqual(big.map(({ sk }) => sk));
    expect(await table.count({ pk: 'BIG' })).toBe(6);
  });
});
