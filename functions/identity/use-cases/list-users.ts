import { invalid } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { readPageCursor, writePageCursor } from '../../platform/api/page-cursor.ts';
import { readCap, readPage, type TrailPage } from '../../platform/api/read-page.ts';
import { viewOf } from '../domain/user.ts';
import { matcherOf } from '../domain/user-filter.ts';
import type { ListedUser, UserStore } from '../ports.ts';

type Route = (typeof userRoutes)['users.list'];
type Query = InputOf<Route>['query'];

/** Totals are exact to here. */
const countedTo = 1_000;

/** The name of the list that a cursor belongs to: all that chooses and orders its users. */
const nameOf = ({ limit: _, offset: __, cursor: ___, ...choice }: Query) =>
  `users ${JSON.stringify(Object.entries(choice).sort())}`;

const position = /^\S{1,1024}$/;

function startOf({ cursor, offset }: Query, list: string) {
  if (cursor === undefined) return { from: undefined, skip: offset, counted: undefined };
  if (offset > 0) throw invalid([{ path: 'query.offset', message: 'does not go with a cursor' }]);
  const { from, skip, ...counted } = readPageCursor(list, cursor, position);
  return { from, skip, counted };
}

const totalOf = ({ matched, ended }: TrailPage<ListedUser>) => ({
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
    // One more for the position itself. Of what a filter passes nothing is known, so then it is read in large pieces.
    const most = isFiltered ? readCap.entries : Math.max(skip + limit + 1, request.countTo) + 1;
    const matches = matcherOf({ role, is_active, q });
    const page = await readPage(users.list(sort, from, most), request, ({ user }) => matches(user));
    const { total, capped } = counted ?? totalOf(page);
    const next = page.next && writePageCursor(list, { from: page.next.position, skip: page.next.skip, total, capped });
    const pagination = {
      limit,
      offset,
      total,
      has_next: next !== undefined,
      has_prev: from !== undefined || offset > 0,
      next_cursor: next ?? null,
      ...(capped && { total_capped: true }),
    };
    return { data: { users: page.entries.map(({ user }) => viewOf(user)), pagination } };
  };
