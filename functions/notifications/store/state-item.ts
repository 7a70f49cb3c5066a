import { absent, all, equals } from '../../platform/table/fragment.ts';
import type { Item, Write } from '../../platform/table/types.ts';
import { type State, staleDays } from '../domain/unread.ts';
import { stateKey } from './keys.ts';

export const stateFrom = (item: Item | undefined): State | undefined =>
  item && {
    epoch: item['epoch'] as number,
    unread: item['unread'] as Record<string, number>,
    closed: item['closed'] === true,
  };

/** One unread more. Holds that nobody marked all as read since `state` was read; the first one makes the item. */
export function countIn(userId: string, day: number, state: State | undefined, now: Date, moved: () => Error): Write {
  if (state === undefined) {
    const item = { ...stateKey(userId), epoch: 0, unread: { [day]: 1 } };
    return { put: item, condition: absent, otherwise: moved };
  }
  const stale = staleDays(state, now);
  const names = Object.fromEntries([['day', String(day)], ...stale.map((old, nth) => [`old${nth}`, old])]);
  const drop = stale.length === 0 ? '' : ` REMOVE ${stale.map((_, nth) => `#unread.#old${nth}`).join(', ')}`;
  return {
    update: stateKey(userId),
    change: {
      text: `SET #unread.#day = if_not_exists(#unread.#day, :none) + :one${drop}`,
      names,
      values: { none: 0, one: 1 },
    },
    ...sameEpoch(state, moved),
  };
}

/** One unread less, of an item of the same epoch. */
export const countOut = (userId: string, day: number, state: State, moved: () => Error): Write => ({
  update: stateKey(userId),
  change: {
    text: 'SET #unread.#day = if_not_exists(#unread.#day, :one) - :one',
    names: { day: String(day) },
    values: { one: 1 },
  },
  ...sameEpoch(state, moved),
});

/** Nothing is counted, but it holds that the user is not gone. */
export const countNone = (userId: string, state: State | undefined, moved: () => Error): Write =>
  state === undefined
    ? { put: { ...stateKey(userId), epoch: 0, unread: {} }, condition: absent, otherwise: moved }
    : { check: stateKey(userId), ...sameEpoch(state, moved) };

/** A new epoch with nothing unread, whatever there was. */
export const countNothing = (userId: string, closed: () => Error): Write => ({
  update: stateKey(userId),
  change: {
    text: 'SET #unread = :empty, #epoch = if_not_exists(#epoch, :none) + :one',
    values: { empty: {}, none: 0, one: 1 },
  },
  condition: { text: 'attribute_not_exists(#closed)' },
  otherwise: closed,
});

const sameEpoch = ({ epoch }: State, moved: () => Error) => ({
  condition: all(equals('epoch', epoch), { text: 'attribute_not_exists(#closed)' }),
  otherwise: moved,
});
