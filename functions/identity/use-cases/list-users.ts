import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { readPage } from '../../platform/api/read-page.ts';
import { openPage } from '../../platform/api/stream-page.ts';
import { viewOf } from '../domain/user.ts';
import { matcherOf } from '../domain/user-filter.ts';
import type { UserStore } from '../ports.ts';

type Route = (typeof userRoutes)['users.list'];

/** What `key` leaves as it is: a name may hold any space of Unicode, of which the plain one alone is escaped. */
const position = /^[^\u0000-\u0020]{1,1024}$/;

export const listUsers =
  ({ users }: { users: UserStore }): UseCase<Route> =>
  async ({ query }) => {
    const { sort, role, is_active, q } = query;
    const isFiltered = role !== undefined || is_active !== undefined || q !== undefined;
    const { from, request, wanted, paginationOf } = openPage('users', query, position, isFiltered);
    // One more for the position itself.
    const most = isFiltered ? wanted : wanted + 1;
    const matches = matcherOf({ role, is_active, q });
    const page = await readPage(users.list(sort, from, most), request, ({ user }) => matches(user));
    return { data: { users: page.entries.map(({ user }) => viewOf(user)), pagination: paginationOf(page) } };
  };
