import type { Change, Effect } from '../platform/outbox/effect.ts';
import { viewOf } from './domain/notification.ts';
import { notificationFrom } from './store/notification-item.ts';

/** A new one is pushed to its user, and mailed where that is wanted. */
export function notificationChanged({ event, after }: Change): Effect[] {
  const notification = event === 'INSERT' ? notificationFrom(after) : undefined;
  if (notification === undefined) return [];
  const { id, user_id, language, in_app, email } = notification;
  const effects: Effect[] = [];
  if (in_app) {
    const data = viewOf(notification, { language, is_read: false });
    effects.push({ publish: { type: 'notification_received', user_id, data } });
  }
  if (email) effects.push({ notify: { type: 'mail_due', user_id, notification_id: id } });
  return effects;
}
