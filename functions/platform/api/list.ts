import type { Pagination, Sort } from '../../../contracts/shared/list.ts';

interface Thing {
  id?: string;
  user_id?: string;
}

const compare = (a: unknown, b: unknown): number => {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a ?? 0) - Number(b ?? 0);
};

/** One page of a collection that was read whole: sorted, ties by id, counted exactly. */
export function pageOf<T extends Thing>(
  things: readonly T[],
  { sort, limit, offset }: { sort: Sort<string>; limit: number; offset: number },
): { page: T[]; pagination: Pagination } {
  const sign = sort.direction === 'asc' ? 1 : -1;
  const field = (thing: T) => (thing as Readonly<Record<string, unknown>>)[sort.field];
  const sorted = things.toSorted(
    (a, b) => sign * compare(field(a), field(b)) || sign * compare(a.id ?? a.user_id, b.id ?? b.user_id),
  );
  const page = sorted.slice(offset, offset + limit);
  const total = things.length;
  return {
    page,
    pagination: { limit, offset, total, has_next: offset + page.length < total, has_prev: offset > 0 && total > 0 },
  };
}
