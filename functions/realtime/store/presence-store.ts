import { unauthorized, unavailable } from '../../../contracts/errors.ts';
import type { Fragment, Item, PlainWrite, Table } from '../../platform/table/types.ts';
import { type Place, type Presence, planClaim, type Session } from '../domain/presence.ts';
import type { PresenceStore } from '../ports.ts';
import { presenceKey } from './keys.ts';

/** Each loses to one that got in; of a user's few connections not many do so at once. */
const mostTries = 12;
/** No token outlives a day, so none of the item's places outlives this after the last one came. */
const keptSeconds = 25 * 3_600;

/** The presence was not as it was read: this is how it is. */
class Moved extends Error {
  readonly presence: Presence | undefined;
  constructor(old: Item | undefined) {
    super('the presence has moved');
    this.presence = old && readPresence(old);
  }
}

const otherwise = (old: Item | undefined) => new Moved(old);

export const readPresence = (item: Item): Presence => (item['c'] ?? {}) as Presence;

const secondsOf = (now: Date) => Math.floor(now.getTime() / 1_000);

/** The write of a claim, which holds that the presence still is as the claim was planned on. */
function claimWrite(userId: string, connectionId: string, session: Session, known: Presence | undefined, now: Date): { write: PlainWrite; evict: string[] } {
  const key = presenceKey(userId);
  const ttl = secondsOf(now) + keptSeconds;
  const place: Place = { ...session, at: now.getTime(), on: [], off: [] };
  const claim = planClaim(known, connectionId, secondsOf(now));
  if (claim.kind === 'first') {
    const write = { put: { ...key, c: { [connectionId]: place }, ttl }, condition: { text: 'attribute_not_exists(#pk)' }, otherwise };
    return { write, evict: [] };
  }
  const names = { cid: connectionId };
  if (claim.kind === 'renew') {
    const change: Fragment = { text: 'SET #c.#cid.#sid = :sid, #c.#cid.#exp = :exp, #ttl = :ttl', values: { ...session, ttl }, names };
    return { write: { update: key, change, condition: { text: 'attribute_exists(#c.#cid)', names }, otherwise }, evict: [] };
  }
  const gone = Object.fromEntries(claim.evict.map((id, at) => [`e${at}`, id]));
  const paths = Object.keys(gone).map((name) => `#c.#${name}`);
  const removal = paths.length === 0 ? '' : ` REMOVE ${paths.join(', ')}`;
  const held = ['attribute_not_exists(#c.#cid)', 'size(#c) <= :size', ...paths.map((path) => `attribute_exists(${path})`)];
  const write: PlainWrite = {
    update: key,
    change: { text: `SET #c.#cid = :place, #ttl = :ttl${removal}`, values: { place, ttl }, names: { ...names, ...gone } },
    condition: { text: held.join(' AND '), values: { size: Object.keys(known ?? {}).length }, names: { ...names, ...gone } },
    otherwise,
  };
  return { write, evict: claim.evict };
}

/** Runs the write; answers how the presence has moved where its condition did not hold. */
const attempt = (table: Table, write: PlainWrite) =>
  table.write(write).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Moved) return error;
      throw error;
    },
  );

const tooBusy = () => unavailable(1, new Error('cannot change a presence: it moves too fast'));

export const createPresenceStore = (table: Table): PresenceStore => ({
  async claim(userId, connectionId, session, known, now) {
    let presence = known;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { write, evict } = claimWrite(userId, connectionId, session, presence, now);
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
        condition: { text: '#c.#cid.#on = :was_on AND #c.#cid.#off = :was_off', values: { was_on: place.on, was_off: place.off }, names },
        otherwise,
      });
      if (moved === undefined) return;
      place = moved.presence?.[connectionId];
    }
    throw tooBusy();
  },

  async release(userId, connectionId) {
    const names = { cid: connectionId };
    await attempt(table, {
      update: presenceKey(userId),
      change: { text: 'REMOVE #c.#cid', names },
      condition: { text: 'attribute_exists(#c.#cid)', names },
      otherwise,
    });
  },
});
