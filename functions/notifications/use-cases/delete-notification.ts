import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { NotificationStore } from '../ports.ts';
import { changeOwn } from './change-own.ts';

export const deleteNotification =
  (stores: { notifications: NotificationStore }): UseCase<(typeof notificationRoutes)['notifications.delete']> =>
  ({ params }, call) =>
    changeOwn<undefined>(stores, params.id, call, (notification, state) => ({
      writes: stores.notifications.remove(notification, state),
      answer: {},
    }));
