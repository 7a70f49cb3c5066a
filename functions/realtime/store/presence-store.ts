import { unauthorized, unavailable } from '../../../contracts/errors.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { orRefused, Refused, refused } from '../../platform/table/refused.ts';
import type { Item, PlainWrite, Table } from '../../platform/table/types.ts';
import type { Place, Presence } from '../domain/presence.ts';
import type { PresenceStore } from '../ports.ts';
import { claimWrite } from './claim-write.ts';
import { presenceKey } from './keys.ts';

/** Each loses to one that got in; of a user's few connections not many do so at once. */
const mostTries = 12;
const atOnce = 25;

export const readPresence = (item: Item): Presence => (item['c'] ?? {}) as Presence;

/** Runs the write; answers how the presence has moved where it was not as it was read. */
async function attempt(table: Table, write: PlainWrite): Promise<{ presence: Presence | undefined } | undefined> {
  const answer = await orRefused(table.write(write));
  return answer instanceof Refused ? { presence: answer.old && readPresence(answer.old) } : undefined;
}

const tooBusy = () => unavailable(1, new Error('cannot change a presence: it moves too fast'));

export const createPresenceStore = (table: Table): PresenceStore => ({
  async claim(userId, connectionId, session, known, now) {
    let presence = known;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { write, evict } = claimWrite({ userId, connectionId, session, now }, presence, refused);
      const moved = await attempt(table, write);
      if (moved === undefined) return evict;
      presence = moved.presence;
    }
    throw tooBusy();
  },

  async retopic(userId, connectionId, known, change) {
    const names = { cid: connectionId };
    let place: Place | undefined = known;
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (place === undefined) throw unauthorized();
      const moved = await attempt(table, {
        update: presenceKey(userId),
        change: { text: 'SET #c.#cid.#on = :on, #c.#cid.#off = :off', values: { ...change(place) }, names },
        condition: {
          text: '#c.#cid.#on = :was_on AND #c.#cid.#off = :was_off',
          values: { was_on: place.on, was_off: place.off },
          names,
        },
        otherwise: refused,
      });
      if (moved === undefined) return;
      place = moved.presence?.[connectionId];
    }
    throw tooBusy();
  },

  async release(seats) {
    await inParallel(atOnce, seats, ({ userId, connectionId }) => {
      const names = { cid: connectionId };
      return attempt(table, {
        update: presenceKey(userId),
        change: { text: 'REMOVE #c.#cid', names },
        condition: { text: 'attribute_exists(#c.#cid)', names },
        otherwise: refused,
      });
    });
  },
});
