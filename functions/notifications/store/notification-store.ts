import { absent } from '../../platform/table/fragment.ts';
import type { Item, Page, Table, Write } from '../../platform/table/types.ts';
import { dayOf, firstDayKept, isKept, startOfDay } from '../domain/days.ts';
import type { Notification } from '../domain/notification.ts';
import { firstIdAt } from '../domain/notification-id.ts';
import { AlreadyRaised, Moved, type NotificationStore, type Stretch } from '../ports.ts';
import { clearUser } from './clear-user.ts';
import { notificationKey, notificationPrefix, stateKey, userPartition } from './keys.ts';
import { kindOfDeleted, notificationFrom, toDeletedItem, toNotificationItem } from './notification-item.ts';
import { countIn, countNone, countNothing, countOut, stateFrom } from './state-item.ts';

/** 1,001, as many as are counted, are some 450 KB: 110 RCU, strongly consistent. */
const atOnce = { least: 25, most: 1_001 };

const moved = () => new Moved();
const stillUnread = {
  condition: { text: 'attribute_exists(#pk) AND attribute_not_exists(#read) AND attribute_not_exists(#deleted)' },
  otherwise: moved,
};
const stillThere = {
  condition: { text: 'attribute_exists(#pk) AND attribute_not_exists(#deleted)' },
  otherwise: moved,
};

const shown = (item: Item): Notification | undefined => {
  const notification = notificationFrom(item);
  return notification?.in_app ? notification : undefined;
};

/** Never asks for what is past its days, so the table may drop it when it likes. */
function rangeOf(userId: string, { direction, from, wanted }: Stretch, now: Date) {
  const oldest = `${notificationPrefix}${firstIdAt(startOfDay(firstDayKept(now)))}`;
  const start = from === undefined ? undefined : notificationKey(userId, from).sk;
  return {
    pk: userPartition(userId),
    from: direction === 'asc' && start !== undefined && start > oldest ? start : oldest,
    to: direction === 'desc' && start !== undefined ? start : `${notificationPrefix}~`,
    descending: direction === 'desc',
    limit: Math.min(Math.max(wanted, atOnce.least), atOnce.most),
  };
}

async function* readPieces(table: Table, userId: string, stretch: Stretch, now: Date, first?: Page) {
  let { from, wanted } = stretch;
  let page = first;
  for (;;) {
    page ??= await table.query(rangeOf(userId, { ...stretch, from, wanted }, now));
    const items = page.items.filter(({ sk }) => sk.startsWith(notificationPrefix));
    const entries = items.flatMap((item) => {
      const notification = shown(item);
      return notification === undefined || notification.id === from
        ? []
        : [{ position: notification.id, notification }];
    });
    const reached = items.at(-1)?.sk.slice(notificationPrefix.length);
    if (reached !== undefined) yield { entries, reached };
    if (page.next === undefined) return;
    from = reached ?? from;
    wanted -= entries.length;
    page = undefined;
  }
}

export function createNotificationStore(table: Table): NotificationStore {
  return {
    async find(userId, id, now) {
      const items = await table.getMany([notificationKey(userId, id), stateKey(userId)]);
      const [item, state] = [items.find(({ sk }) => sk !== 'STATE'), stateFrom(items.find(({ sk }) => sk === 'STATE'))];
      const notification = item && shown(item);
      if (notification === undefined || state === undefined || !isKept(notification.created_at, now)) return undefined;
      return { notification, state };
    },

    async load(userId, id) {
      return notificationFrom(await table.get(notificationKey(userId, id)));
    },

    async kindOfDeleted(userId, id) {
      return kindOfDeleted(await table.get(notificationKey(userId, id)));
    },

    async state(userId) {
      return stateFrom(await table.get(stateKey(userId)));
    },

    async list(userId, stretch, now) {
      const isNewestFirst = stretch.direction === 'desc' && stretch.from === undefined;
      if (!isNewestFirst) return { state: await this.state(userId), pieces: readPieces(table, userId, stretch, now) };
      // The state sorts behind the newest, so that the first page brings it along.
      const first = await table.query({ ...rangeOf(userId, stretch, now), to: stateKey(userId).sk });
      const state = stateFrom(first.items.find(({ sk }) => sk === stateKey(userId).sk));
      return { state, pieces: readPieces(table, userId, stretch, now, first) };
    },

    async raise(notification, state, now) {
      const { user_id: userId, created_at } = notification;
      const put: Write = {
        put: toNotificationItem(notification),
        condition: absent,
        otherwise: () => new AlreadyRaised(),
      };
      const count = notification.in_app
        ? countIn(userId, dayOf(created_at), state, now, moved)
        : countNone(userId, state, moved);
      await table.transact([put, count]);
    },

    markRead: ({ user_id, id, created_at }, state) => [
      {
        update: notificationKey(user_id, id),
        change: { text: 'SET #read = :yes', values: { yes: true } },
        ...stillUnread,
      },
      countOut(user_id, dayOf(created_at), state, moved),
    ],

    markAllRead: (userId) => [countNothing(userId, moved)],

    remove(notification, state) {
      const put = toDeletedItem(notification);
      // One of an earlier epoch stays read: whatever becomes of the state, it is counted nowhere.
      if (notification.read || notification.epoch < state.epoch) return [{ put, ...stillThere }];
      return [{ put, ...stillUnread }, countOut(notification.user_id, dayOf(notification.created_at), state, moved)];
    },

    clear: (userId, now) => clearUser(table, userId, now),
  };
}
