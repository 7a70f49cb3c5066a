import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { booleanParam, idParams } from '../shared/fields.ts';
import { listOf, streamQuery } from '../shared/list.ts';
import { notificationPriorities, notificationTypes } from './kinds.ts';
import { notification } from './notification.ts';
import { preferences, preferencesChange } from './preferences.ts';

const tag = 'Notifications';
const account = { kind: 'caller', account: true } as const;

/** A user's own, every one of them: an id of somebody else's is not found. */
export const notificationRoutes = defineRoutes('notifications-api', {
  'notifications.list': route({
    method: 'GET',
    path: '/api/v1/notifications',
    summary: "List the caller's notifications, newest first",
    description:
      'Kept for 90 days, worded by `Accept-Language`. `unread_count` is of all, whatever the filter. `total` is exact to 1,000; with `total_capped` there ' +
      'may be more than it says. A page may hold fewer than `limit`, even none, and still have a `next_cursor`.',
    who: account,
    query: streamQuery(
      { sort: ['created_at'] },
      {
        unread_only: booleanParam.optional(),
        type: z.array(z.enum(notificationTypes)).max(4).optional(),
        priority: z.array(z.enum(notificationPriorities)).max(4).optional(),
      },
    ),
    answer: { status: 200, data: listOf('notifications', notification).extend({ unread_count: z.int() }) },
    counted: 'caller',
    audit: { resource: 'notification', action: 'list' },
    tag,
  }),
  'notifications.read': route({
    method: 'PUT',
    path: '/api/v1/notifications/{id}/read',
    summary: 'Mark a notification as read',
    who: account,
    params: idParams,
    answer: { status: 200, data: notification, message: 'notification.read' },
    counted: 'caller',
    audit: { resource: 'notification', action: 'update' },
    tag,
  }),
  'notifications.read_all': route({
    method: 'PUT',
    path: '/api/v1/notifications/read-all',
    summary: 'Mark all notifications as read',
    description:
      'Costs the same however many there are. One that comes at the same moment is either among them or unread.',
    who: account,
    answer: { status: 200, data: z.strictObject({ unread_count: z.int() }), message: 'notification.all_read' },
    counted: 'caller',
    audit: { resource: 'notification', action: 'update' },
    tag,
  }),
  'notifications.delete': route({
    method: 'DELETE',
    path: '/api/v1/notifications/{id}',
    summary: 'Delete a notification',
    who: account,
    params: idParams,
    answer: { status: 200, message: 'notification.deleted' },
    counted: 'caller',
    audit: { resource: 'notification', action: 'delete' },
    tag,
  }),
  'notification_preferences.get': route({
    method: 'GET',
    path: '/api/v1/notifications/preferences',
    summary: 'Read by which channels the caller is notified, and when',
    who: account,
    answer: { status: 200, data: preferences },
    counted: 'caller',
    audit: { resource: 'notification_preference', action: 'read' },
    versioned: true,
    tag,
  }),
  'notification_preferences.update': route({
    method: 'PUT',
    path: '/api/v1/notifications/preferences',
    summary: 'Change by which channels the caller is notified, and when',
    description:
      'What is left out stays. What concerns the account (`account`) is told by every channel in any case. E-mails go to a verified address only.',
    who: account,
    body: preferencesChange,
    answer: { status: 200, data: preferences },
    counted: 'caller',
    audit: { resource: 'notification_preference', action: 'update' },
    versioned: true,
    tag,
  }),
});
