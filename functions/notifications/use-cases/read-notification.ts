import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { isRead, viewOf } from '../domain/notification.ts';
import type { NotificationStore } from '../ports.ts';
import { changeOwn } from './change-own.ts';

/** Once read it stays read, and is counted out once, however many say so at once. */
export const readNotification =
  (stores: { notifications: NotificationStore }): UseCase<(typeof notificationRoutes)['notifications.read']> =>
  ({ params }, call) =>
    changeOwn(stores, params.id, call, (notification, state) => ({
      writes: isRead(notification, state) ? [] : stores.notifications.markRead(notification, state),
      answer: { data: viewOf(notification, { language: call.language, is_read: true }) },
    }));
