import { invalid } from '../../../contracts/errors.ts';
import { notificationKinds } from '../../../contracts/notifications/kinds.ts';
import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { Pagination } from '../../../contracts/shared/list.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { type PageStart, readPageCursor, writePageCursor } from '../../platform/api/page-cursor.ts';
import { readCap, readPage, type TrailPage } from '../../platform/api/read-page.ts';
import { isRead, type Notification, viewOf } from '../domain/notification.ts';
import { countUnread, type State } from '../domain/unread.ts';
import type { Listed, NotificationStore } from '../ports.ts';

type Route = (typeof notificationRoutes)['notifications.list'];
type Query = InputOf<Route>['query'];

/** Totals are exact to here. */
const countedTo = 1_000;

const position = /^[0-9a-f-]{36}$/;

const isFiltered = ({ unread_only, type, priority }: Query) =>
  unread_only === true || type !== undefined || priority !== undefined;

const filterOf =
  ({ unread_only, type, priority }: Query, state: State | undefined) =>
  (notification: Notification): boolean => {
    const kind = notificationKinds[notification.kind];
    if (type !== undefined && !type.includes(kind.type)) return false;
    if (priority !== undefined && !priority.includes(kind.priority)) return false;
    return unread_only !== true || !isRead(notification, state);
  };

/** The name of the list that a cursor belongs to: all that chooses and orders its rows. */
const nameOf = ({ limit: _, offset: __, cursor: ___, ...choice }: Query) =>
  `notifications ${JSON.stringify(Object.entries(choice).sort())}`;

function startOf({ cursor, offset }: Query, list: string): Partial<PageStart> & { skip: number } {
  if (cursor === undefined) return { skip: offset };
  if (offset > 0) throw invalid([{ path: 'query.offset', message: 'does not go with a cursor' }]);
  return readPageCursor(list, cursor, position);
}

const totalOf = ({ matched, ended }: TrailPage<unknown>) => ({
  total: Math.min(matched, countedTo),
  capped: !ended || matched > countedTo,
});

export const listNotifications =
  ({ notifications }: { notifications: NotificationStore }): UseCase<Route> =>
  async ({ query }, call) => {
    const { caller, language, now } = call;
    const { limit, offset } = query;
    const list = nameOf(query);
    const start = startOf(query, list);
    const { from, skip, total: counted } = start;
    const countTo = counted === undefined ? countedTo + 1 : 0;
    // Of what a filter passes nothing is known, so then it is read in large pieces.
    const wanted = isFiltered(query) ? readCap.entries : Math.max(skip + limit + 1, countTo);
    const stretch = { direction: query.sort.direction, from, wanted };
    const { state, pieces } = await notifications.list(caller.userId, stretch, now);
    const matches = filterOf(query, state);
    const page = await readPage<Listed>(pieces, { limit, skip, countTo }, ({ notification }) => matches(notification));
    const total = counted === undefined ? totalOf(page) : { total: counted, capped: start.capped === true };
    const next = page.next && writePageCursor(list, { from: page.next.position, skip: page.next.skip, ...total });
    const pagination: Pagination = {
      limit,
      offset,
      total: total.total,
      has_next: next !== undefined,
      has_prev: from !== undefined || offset > 0,
      next_cursor: next ?? null,
      ...(total.capped && { total_capped: true }),
    };
    const shown = page.entries.map(({ notification }) =>
      viewOf(notification, { language, is_read: isRead(notification, state) }),
    );
    return { data: { notifications: shown, pagination, unread_count: countUnread(state, now) } };
  };
