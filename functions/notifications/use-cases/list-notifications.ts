import { notificationKinds } from '../../../contracts/notifications/kinds.ts';
import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { readPage } from '../../platform/api/read-page.ts';
import { openPage } from '../../platform/api/stream-page.ts';
import { isRead, type Notification, viewOf } from '../domain/notification.ts';
import { countUnread, type State } from '../domain/unread.ts';
import type { Listed, NotificationStore } from '../ports.ts';

type Route = (typeof notificationRoutes)['notifications.list'];
type Query = InputOf<Route>['query'];

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

export const listNotifications =
  ({ notifications }: { notifications: NotificationStore }): UseCase<Route> =>
  async ({ query }, call) => {
    const { caller, language, now } = call;
    const { from, request, wanted, paginationOf } = openPage('notifications', query, position, isFiltered(query));
    const stretch = { direction: query.sort.direction, from, wanted };
    const { state, pieces } = await notifications.list(caller.userId, stretch, now);
    const matches = filterOf(query, state);
    const page = await readPage<Listed>(pieces, request, ({ notification }) => matches(notification));
    const shown = page.entries.map(({ notification }) =>
      viewOf(notification, { language, is_read: isRead(notification, state) }),
    );
    return { data: { notifications: shown, pagination: paginationOf(page), unread_count: countUnread(state, now) } };
  };
