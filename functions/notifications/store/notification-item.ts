import type { Item } from '../../platform/table/types.ts';
import { ttlOf } from '../domain/days.ts';
import type { Notification } from '../domain/notification.ts';
import { notificationKey } from './keys.ts';

/** Some 450 bytes: 1 WCU, 2 in a transaction. */
export const toNotificationItem = ({ link, read: _, ...notification }: Notification): Item => ({
  ...notificationKey(notification.user_id, notification.id),
  type: 'notification',
  ...notification,
  ...(link !== null && { link }),
  ttl: ttlOf(notification.created_at),
});

/** What stays of one that its user deleted, for as long as it would have been kept: an event that comes again does not bring it back. */
export const toDeletedItem = ({ user_id, id, created_at }: Notification): Item => ({
  ...notificationKey(user_id, id),
  deleted: true,
  ttl: ttlOf(created_at),
});

/** Undefined for what is left of a deleted one. */
export function notificationFrom(item: Item | undefined): Notification | undefined {
  if (item === undefined || item['deleted'] === true) return undefined;
  const { id, user_id, kind, params, link, created_at, in_app, email, language, epoch, read } = item;
  const fields = { id, user_id, kind, params, created_at, in_app, email, language, epoch };
  return { ...(fields as Omit<Notification, 'link' | 'read'>), link: (link as string) ?? null, read: read === true };
}
