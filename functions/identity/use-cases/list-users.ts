import { invalid } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { invalidCursor, readListCursor, writeListCursor } from '../../platform/api/list-cursor.ts';
import { viewOf } from '../domain/user.ts';
import { matcherOf, readCap, readUsers, type UserPage } from '../domain/user-page.ts';
import type { UserStore } from '../ports.ts';

type Route = (typeof userRoutes)['users.list'];
type Query = InputOf<Route>['query'];

/** Totals are exact to here. */
const countedTo = 1_000;

/** The name of the list that a cursor belongs to: all that chooses and orders its users. */
const nameOf = ({ limit: _, offset: __, cursor: ___, ...choice }: Query) =>
  `users ${JSON.stringify(Object.entries(choice).sort())}`;

/** What the first page counted, what is left to skip, and the place that the next one begins behind. */
const form = /^(\d{1,4})(\+?) (\d{1,4}) (\S{1,1024})$/;

function startOf({ cursor, offset }: Query, list: string) {
  if (cursor === undefined) return { from: undefined, skip: offset, counted: undefined };
  if (offset > 0) throw invalid([{ path: 'query.offset', message: 'does not go with a cursor' }]);
  const [, total, plus, skip, from] = form.exec(readListCursor(list, cursor)) ?? [];
  if (from === undefined) throw invalidCursor();
  return { from, skip: Number(skip), counted: { total: Number(total), capped: plus === '+' } };
}

const totalOf = ({ matched, ended }: UserPage) => ({
  total: Math.min(matched, countedTo),
  capped: !ended || matched > countedTo,
});

export const listUsers =
  ({ users }: { users: UserStore }): UseCase<Route> =>
  async ({ query }) => {
    const { limit, offset, sort, role, is_active, q } = query;
    const list = nameOf(query);
    const { from, skip, counted } = startOf(query, list);
    const request = { limit, skip, countTo: counted === undefined ? countedTo + 1 : 0 };
    const isFiltered = role !== undefined || is_active !== undefined || q !== undefined;
    // One more for the place itself. Of what a filter passes nothing is known, so then it is read in large pieces.
    const most = isFiltered ? readCap : Math.max(skip + limit + 1, request.countTo) + 1;
    const page = await readUsers(users.list(sort, from, most), request, matcherOf({ role, is_active, q }));
    const { total, capped } = counted ?? totalOf(page);
    const next =
      page.next && writeListCursor(list, `${total}${capped ? '+' : ''} ${page.next.skip} ${page.next.place}`);
    const pagination = {
      limit,
      offset,
      total,
      has_next: next !== undefined,
      has_prev: from !== undefined || offset > 0,
      next_cursor: next ?? null,
      ...(capped && { total_capped: true }),
    };
    return { data: { users: page.users.map(viewOf), pagination } };
  };
