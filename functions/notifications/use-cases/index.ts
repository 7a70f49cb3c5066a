import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { NotificationStore, PreferenceStore } from '../ports.ts';
import { deleteNotification } from './delete-notification.ts';
import { getPreferences } from './get-preferences.ts';
import { listNotifications } from './list-notifications.ts';
import { readAllNotifications } from './read-all-notifications.ts';
import { readNotification } from './read-notification.ts';
import { updatePreferences } from './update-preferences.ts';

interface Stores {
  notifications: NotificationStore;
  preferences: PreferenceStore;
}

export const notificationUseCases = (stores: Stores): UseCases<typeof notificationRoutes> => ({
  'notifications.list': listNotifications(stores),
  'notifications.read': readNotification(stores),
  'notifications.read_all': readAllNotifications(stores),
  'notifications.delete': deleteNotification(stores),
  'notification_preferences.get': getPreferences(stores),
  'notification_preferences.update': updatePreferences(stores),
});
