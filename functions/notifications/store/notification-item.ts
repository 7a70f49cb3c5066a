import { type NotificationKind, notificationKinds } from '../../../contracts/notifications/kinds.ts';
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

/**
 * What stays of one that its user deleted, for as long as it would have been kept: an event that comes again does not bring it back. Of the account's what it
 * was stays, too, for its mails to addresses that were left: who has taken the account over may be who deletes it.
 */
export const toDeletedItem = ({ user_id, id, created_at, kind }: Notification): Item => ({
  ...notificationKey(user_id, id),
  deleted: true,
  ...(notificationKinds[kind].category === 'account' && { kind }),
  ttl: ttlOf(created_at),
});

/** Of one of the account's that its user deleted. */
export const kindOfDeleted = (item: Item | undefined): NotificationKind | undefined =>
  item?.['deleted'] === true ? (item['kind'] as NotificationKind | undefined) : undefined;

/** Undefined for what is left of a deleted one. */
export function notificationFrom(item: Item | undefined): Notification | undefined {
  if (item === undefined || item['deleted'] === true) return undefined;
  const { id, user_id, kind, params, link, created_at, in_app, email, language, epoch, read } = item;
  const fields = { id, user_id, kind, params, created_at, in_app, email, language, epoch };
  return { ...(fields as Omit<Notification, 'link' | 'read'>), link: (link as string) ?? null, read: read === true };
}
