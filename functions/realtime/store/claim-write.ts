import type { Fragment, Item, PlainWrite } from '../../platform/table/types.ts';
import { type Place, type Presence, planClaim, type Session } from '../domain/presence.ts';
import { presenceKey } from './keys.ts';

/** No token outlives a day, so none of the item's places outlives this after the last one came. */
const keptSeconds = 25 * 3_600;

export interface Claimant {
  userId: string;
  connectionId: string;
  session: Session;
  now: Date;
}

/**
 * The write that takes a connection into its user's presence. It holds that the presence still is as it was planned on.
 */
export function claimWrite(
  { userId, connectionId, session, now }: Claimant,
  known: Presence | undefined,
  otherwise: (old: Item | undefined) => Error,
): { write: PlainWrite; evict: string[] } {
  const seconds = Math.floor(now.getTime() / 1_000);
  const ttl = seconds + keptSeconds;
  const place: Place = { ...session, at: now.getTime(), on: [], off: [] };
  const key = presenceKey(userId);
  const claim = planClaim(known, connectionId, seconds);
  if (claim.kind === 'first') {
    const put: Item = { ...key, c: { [connectionId]: place }, ttl };
    return { write: { put, condition: { text: 'attribute_not_exists(#pk)' }, otherwise }, evict: [] };
  }
  if (claim.kind === 'renew') {
    const names = { cid: connectionId };
    const change = {
      text: 'SET #c.#cid.#sid = :sid, #c.#cid.#exp = :exp, #ttl = :ttl',
      values: { ...session, ttl },
      names,
    };
    return {
      write: { update: key, change, condition: { text: 'attribute_exists(#c.#cid)', names }, otherwise },
      evict: [],
    };
  }
  const { change, condition } = joinFragments(connectionId, claim.evict);
  const size = Object.keys(known ?? {}).length;
  const write: PlainWrite = {
    update: key,
    change: { ...change, values: { place, ttl } },
    condition: { ...condition, values: { size } },
    otherwise,
  };
  return { write, evict: claim.evict };
}

/** Ten stay ten: no more are there than were known, and each that must go is there still. */
function joinFragments(connectionId: string, evict: readonly string[]): { change: Fragment; condition: Fragment } {
  const names = { cid: connectionId, ...Object.fromEntries(evict.map((id, at) => [`e${at}`, id])) };
  const paths = evict.map((_, at) => `#c.#e${at}`);
  const removal = paths.length === 0 ? '' : ` REMOVE ${paths.join(', ')}`;
  const held = [
    'attribute_not_exists(#c.#cid)',
    'size(#c) <= :size',
    ...paths.map((path) => `attribute_exists(${path})`),
  ];
  return {
    change: { text: `SET #c.#cid = :place, #ttl = :ttl${removal}`, names },
    condition: { text: held.join(' AND '), names },
  };
}
