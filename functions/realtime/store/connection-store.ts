import { ApiError, conflict, unauthorized } from '../../../contracts/errors.ts';
import { maxPingsPerConnection, maxRequestsPerConnection } from '../../../contracts/realtime/client-messages.ts';
import { maxTopics } from '../../../contracts/realtime/topics.ts';
import { all } from '../../platform/table/fragment.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Fragment, Item, PlainWrite, Table } from '../../platform/table/types.ts';
import { tooManyTopics } from '../domain/topics.ts';
import type { Connection, ConnectionStore } from '../ports.ts';
import { connectionKey } from './keys.ts';

/** API Gateway ends a connection after 2 hours; its item outlives it by one, in case its end is never told. */
const keptSeconds = 3 * 3_600;

const fromItem = (id: string, item: Item): Connection => ({
  id,
  guest: item['guest'] === true,
  ...(typeof item['user_id'] === 'string' && { userId: item['user_id'] }),
});

const hasRoom: Fragment = {
  text: 'attribute_exists(#pk) AND #requests < :most',
  values: { most: maxRequestsPerConnection },
};

const hasRoomForPings: Fragment = {
  text: 'attribute_exists(#pk) AND (attribute_not_exists(#pings) OR #pings < :most)',
  values: { most: maxPingsPerConnection },
};

const tooManyRequests = () => new ApiError('RATE_LIMITED', 'socket.too_many_requests');

/** What a request that was not counted is told: the connection is closed, has asked too much, or belongs to another. */
function refusalOf(old: Item | undefined): Error {
  if (old === undefined) return unauthorized();
  if (Number(old['requests']) >= maxRequestsPerConnection) return tooManyRequests();
  return conflict('socket.other_user');
}

/** Counting is the write that reads: one trip says whose the connection is, and that it may ask. */
const counted = (id: string, change: Fragment, condition: Fragment = hasRoom): PlainWrite => ({
  update: connectionKey(id),
  change: { ...change, text: `${change.text} ADD #requests :one`, values: { ...change.values, one: 1 } },
  condition,
  otherwise: refusalOf,
});

export const createConnectionStore = (table: Table): ConnectionStore => ({
  async open(id, now) {
    await table.write({
      put: { ...connectionKey(id), requests: 0, ttl: Math.floor(now.getTime() / 1_000) + keptSeconds },
    });
  },

  async count(id) {
    const item = await table.write(counted(id, { text: '' }), 'new');
    if (item === undefined) throw unauthorized();
    return fromItem(id, item);
  },

  async countPing(id) {
    await table.write({
      update: connectionKey(id),
      change: { text: 'ADD #pings :one', values: { one: 1 } },
      condition: hasRoomForPings,
      otherwise: (old) => (old === undefined ? unauthorized() : tooManyRequests()),
    });
  },

  async identify(id, userId) {
    const own: Fragment = {
      text: 'attribute_not_exists(#user_id) OR #user_id = :user_id',
      values: { user_id: userId },
    };
    await table.write(
      counted(
        id,
        { text: 'SET #user_id = :user_id REMOVE #guest, #topics', values: { user_id: userId } },
        all(hasRoom, own),
      ),
    );
  },

  async admitGuest(id) {
    const nobodys: Fragment = { text: 'attribute_not_exists(#user_id)' };
    await table.write(counted(id, { text: 'SET #guest = :true', values: { true: true } }, all(hasRoom, nobodys)));
  },

  async addGuestTopics(id, topics) {
    await table.write({
      update: connectionKey(id),
      change: { text: 'ADD #topics :topics', values: { topics: new Set(topics) } },
      condition: {
        text: 'attribute_exists(#pk) AND (attribute_not_exists(#topics) OR size(#topics) <= :room)',
        values: { room: maxTopics - topics.length },
      },
      otherwise: (old) => (old === undefined ? unauthorized() : tooManyTopics()),
    });
  },

  async dropGuestTopics(id, topics) {
    await table.write({
      update: connectionKey(id),
      change: { text: 'DELETE #topics :topics', values: { topics: new Set(topics) } },
      condition: { text: 'attribute_exists(#pk)' },
      otherwise: () => unauthorized(),
    });
  },

  async remove(id) {
    const item = await table.write({ delete: connectionKey(id) }, 'old');
    return item && fromItem(id, item);
  },

  /** False where the connection is gone, or somebody has identified on it. */
  removeUnidentified(id) {
    const text = 'attribute_exists(#pk) AND attribute_not_exists(#user_id) AND attribute_not_exists(#guest)';
    return unlessRefused(table.write({ delete: connectionKey(id), condition: { text }, otherwise: refused }));
  },
});
