import { describe, expect, it } from 'vitest';
import { preferencesChange } from '../../../contracts/notifications/preferences.ts';
import { eventData } from '../../../contracts/realtime/events.ts';
import { firstDayKept, isKept, startOfDay, ttlOf } from '../../../functions/notifications/domain/days.ts';
import { isRead, type Notification } from '../../../functions/notifications/domain/notification.ts';
import { firstIdAt, notificationId } from '../../../functions/notifications/domain/notification-id.ts';
import {
  changePreferences,
  channelsOf,
  defaultPreferences,
} from '../../../functions/notifications/domain/preferences.ts';
import { countUnread } from '../../../functions/notifications/domain/unread.ts';
import { wordText } from '../../../functions/notifications/domain/word-text.ts';
import { notificationChanged } from '../../../functions/notifications/index.ts';
import { toDeletedItem, toNotificationItem } from '../../../functions/notifications/store/notification-item.ts';

const event = { id: 'stream-1', timestamp: '2026-02-01T00:00:09.000Z' };
const user = '019c0000-0000-7000-8000-0000000000ee';

const notification: Notification = {
  id: notificationId(event, user),
  user_id: user,
  kind: 'vm_running',
  params: { vm: 'web-1' },
  link: '/vms/1',
  created_at: event.timestamp,
  in_app: true,
  email: true,
  language: 'ko',
  epoch: 0,
  read: false,
};
const inserted = (given: Partial<Notification> = {}) =>
  notificationChanged({
    type: 'notification',
    event: 'INSERT',
    after: toNotificationItem({ ...notification, ...given }),
    id: 'stream-2',
    at: event.timestamp,
  });

describe('the id of a notification', () => {
  it('follows from its event and its user, sorts by time and is a UUID', () => {
    expect(notificationId(event, user)).toBe(notificationId({ ...event }, user));
    expect(notificationId({ ...event, id: 'stream-1-1' }, user)).not.toBe(notificationId(event, user));
    expect(notificationId(event, 'another')).not.toBe(notificationId(event, user));
    const later = notificationId({ ...event, timestamp: '2026-02-01T00:00:09.001Z' }, user);
    expect(later > notificationId(event, user)).toBe(true);
    expect(() => eventData.notification_received.shape.id.parse(later)).not.toThrow();
    expect(firstIdAt(new Date(event.timestamp)) <= notificationId(event, user)).toBe(true);
    expect(firstIdAt(new Date('2026-02-01T00:00:09.001Z')) > notificationId(event, user)).toBe(true);
  });
});

describe('a new notification', () => {
  it('is pushed to its user in its language, as the contract says it, and mailed', () => {
    const effects = inserted();
    expect(effects).toMatchObject([
      {
        publish: { type: 'notification_received', user_id: user, data: { title: 'VM web-1 실행 중', is_read: false } },
      },
      { notify: { type: 'mail_due', user_id: user, notification_id: notification.id } },
    ]);
    for (const effect of effects) {
      if ('publish' in effect) expect(() => eventData.notification_received.parse(effect.publish.data)).not.toThrow();
    }
  });

  it('goes by the channels that its user wants', () => {
    expect(inserted({ in_app: false }).map((effect) => Object.keys(effect))).toEqual([['notify']]);
    expect(inserted({ email: false }).map((effect) => Object.keys(effect))).toEqual([['publish']]);
  });

  it('is told once: nothing follows from its being read or deleted', () => {
    const [before, after] = [toNotificationItem(notification), toDeletedItem(notification)];
    const change = { type: 'notification', id: 'stream-3', at: event.timestamp };
    expect(notificationChanged({ ...change, event: 'MODIFY', before, after })).toEqual([]);
    expect(notificationChanged({ ...change, event: 'REMOVE', before })).toEqual([]);
  });
});

describe('a notification', () => {
  it('is read by itself, or with all that came before it', () => {
    expect(isRead(notification, undefined)).toBe(false);
    expect(isRead(notification, { epoch: 0 })).toBe(false);
    expect(isRead(notification, { epoch: 1 })).toBe(true);
    expect(isRead({ ...notification, read: true }, { epoch: 0 })).toBe(true);
  });

  it('is kept for 90 days after its own, and counted as long, to the moment', () => {
    const last = new Date('2026-05-02T23:59:59.999Z');
    const over = new Date('2026-05-03T00:00:00.000Z');
    expect([isKept(event.timestamp, last), isKept(event.timestamp, over)]).toEqual([true, false]);
    expect(ttlOf(event.timestamp) * 1_000).toBe(over.getTime());
    const state = { epoch: 0, unread: { [firstDayKept(last)]: 3, [firstDayKept(over)]: 4 }, closed: false };
    expect([countUnread(state, last), countUnread(state, over)]).toEqual([7, 4]);
    expect(startOfDay(firstDayKept(last)).toISOString()).toBe('2026-02-01T00:00:00.000Z');
  });

  it('names a time for people, and whom it can no longer name', () => {
    const params = { vm: 'web-1', expires_at: '2026-02-03T04:05:06.000Z' };
    expect(wordText('vm_expiring', params, 'en').message).toContain('2026-02-03 04:05 UTC');
    expect(wordText('member_removed', { workspace: 'lab' }, 'en').message).toContain('somebody who is gone');
    expect(wordText('member_removed', { workspace: 'lab' }, 'ko').message).toContain('삭제된 사용자');
  });

  it('fills a place once: what fills it is no text with places', () => {
    expect(wordText('vm_error', { vm: '{reason}', reason: 'R' }, 'en').title).toBe('VM {reason} failed');
  });
});

describe('preferences', () => {
  it('change what is given and leave the rest', () => {
    const next = changePreferences(defaultPreferences, { email: { vm: false }, language: 'ko' }, new Date(0));
    expect(next).toMatchObject({
      email: { vm: false, workspace: true },
      in_app: { vm: true },
      language: 'ko',
      version: 1,
    });
    expect(channelsOf('vm_running', next, true)).toEqual({ in_app: true, email: false });
    expect(channelsOf('member_added', next, true)).toEqual({ in_app: true, email: true });
    expect(channelsOf('member_added', next, false)).toEqual({ in_app: true, email: false });
  });

  it.each([
    { email: { account: false } },
    { quiet_hours: { start: '24:00', end: '07:00' } },
    { quiet_hours: { start: '07:00', end: '07:00' } },
    { time_zone: 'Mars/Olympus' },
    { time_zone: '+09:00' },
    { language: 'fr' },
    { sms: { vm: true } },
  ])('%o are refused', (change) => {
    expect(preferencesChange.safeParse(change).success).toBe(false);
  });

  it('take what fits', () => {
    const change = {
      quiet_hours: { start: '22:00', end: '07:00' },
      time_zone: 'Asia/Seoul',
      in_app: { account: true },
    };
    expect(preferencesChange.parse(change)).toEqual(change);
  });
});
