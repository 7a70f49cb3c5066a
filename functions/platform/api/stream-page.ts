import { invalid } from '../../../contracts/errors.ts';
import type { Pagination } from '../../../contracts/shared/list.ts';
import { type PageStart, readPageCursor, writePageCursor } from './page-cursor.ts';
import { type PageRequest, readCap, type TrailPage } from './read-page.ts';

interface StreamQuery {
  limit: number;
  offset: number;
  cursor?: string | undefined;
}

/** What the first page counted, which those behind it show again. */
export type Counted = Pick<PageStart, 'total' | 'capped'>;

/** Totals are exact to here. */
export const countedTo = 1_000;

/** A cursor says where its page begins, so there is nothing to skip. */
export function assertNoOffset({ cursor, offset }: StreamQuery): void {
  if (cursor !== undefined && offset > 0)
    throw invalid([{ path: 'query.offset', message: 'does not go with a cursor' }]);
}

export const paginationOf = (
  { limit, offset, cursor }: StreamQuery,
  { total, capped }: Counted,
  next: string | undefined,
): Pagination => ({
  limit,
  offset,
  total,
  has_next: next !== undefined,
  has_prev: cursor !== undefined || offset > 0,
  next_cursor: next ?? null,
  ...(capped && { total_capped: true }),
});

/** A page of a list that grows for ever, by what its query asks for. */
export interface StreamPage {
  /** It begins strictly beyond this; at the list's beginning unless given. */
  from: string | undefined;
  request: PageRequest;
  /** About how many entries are of use. */
  wanted: number;
  paginationOf(page: TrailPage<unknown>): Pagination;
}

/**
 * Reads where the page begins. `kind` is the list's name, `position` what a position of it looks like; a cursor is good for the same filters and order alone.
 * `isFiltered`: of what a filter passes nothing is known, so then it is read in large pieces.
 */
export function openPage(kind: string, query: StreamQuery, position: RegExp, isFiltered: boolean): StreamPage {
  const { limit, offset, cursor, ...choice } = query;
  const list = `${kind} ${JSON.stringify(Object.entries(choice).sort())}`;
  assertNoOffset(query);
  const start = cursor === undefined ? undefined : readPageCursor(list, cursor, position);
  const skip = start?.skip ?? offset;
  const countTo = start === undefined ? countedTo + 1 : 0;
  return {
    from: start?.from,
    request: { limit, skip, countTo },
    wanted: isFiltered ? readCap.entries : Math.max(skip + limit + 1, countTo),
    paginationOf({ matched, ended, next }) {
      const counted = start ?? { total: Math.min(matched, countedTo), capped: !ended || matched > countedTo };
      const { total, capped } = counted;
      const cursorOfNext = next && writePageCursor(list, { from: next.position, skip: next.skip, total, capped });
      return paginationOf(query, counted, cursorOfNext);
    },
  };
}
