import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { NotificationStore } from '../ports.ts';

/** One write, however many there are: what came before it is of an earlier epoch, and so read. */
export const readAllNotifications =
  ({
    notifications,
  }: {
    notifications: NotificationStore;
  }): UseCase<(typeof notificationRoutes)['notifications.read_all']> =>
  (_, call) =>
    call.commit(notifications.markAllRead(call.caller.userId), { data: { unread_count: 0 } });
