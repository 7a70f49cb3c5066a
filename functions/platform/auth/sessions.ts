import type { PlainWrite, Refuse } from '../table/types.ts';
import { principalKey } from './principal.ts';

// The sessions of a user are the map `ss` of its principal: session id → what identity keeps of it, as bytes. A session that is not in it is signed out.

const entries = (sessionIds: readonly string[]) => Object.fromEntries(sessionIds.map((id, at) => [`gone_${at}`, id]));
const paths = (sessionIds: readonly string[]) => sessionIds.map((_, at) => `#ss.#gone_${at}`);
const removal = (sessionIds: readonly string[]) =>
  sessionIds.length === 0 ? '' : ` REMOVE ${paths(sessionIds).join(', ')}`;

/**
 * An active user gets one session more, and loses `evicted`. Refused when that would make more than `most`, or when one of the evicted has gone
 * meanwhile: plan anew from the item as it was. Refused, too, when the password has been replaced since `passwordChanges` was read, which is before the
 * password was judged: the sessions that its replacement ended shall not be joined by one that was on its way.
 */
export function addSession(
  userId: string,
  sessionId: string,
  {
    entry,
    evicted,
    most,
    passwordChanges,
  }: { entry: Uint8Array; evicted: readonly string[]; most: number; passwordChanges: number },
  otherwise: Refuse,
): PlainWrite {
  return {
    update: principalKey(userId),
    change: {
      text: `SET #ss.#sid = :entry${removal(evicted)}`,
      values: { entry },
      names: { sid: sessionId, ...entries(evicted) },
    },
    condition: {
      text: [
        '#state = :active',
        'size(#ss) < :most',
        passwordChanges === 0 ? 'attribute_not_exists(#pw)' : '#pw = :pw',
        ...paths(evicted).map((path) => `attribute_exists(${path})`),
      ].join(' AND '),
      values: { active: 'active', most: most + evicted.length, pw: passwordChanges },
      names: entries(evicted),
    },
    otherwise,
  };
}

/** The session's entry becomes another one, once: of many that read the same `before`, one succeeds. `expired` ones go along. */
export function swapSession(
  userId: string,
  sessionId: string,
  { before, after, expired }: { before: Uint8Array; after: Uint8Array; expired: readonly string[] },
  otherwise: Refuse,
): PlainWrite {
  return {
    update: principalKey(userId),
    change: {
      text: `SET #ss.#sid = :after${removal(expired)}`,
      values: { after },
      names: { sid: sessionId, ...entries(expired) },
    },
    condition: {
      text: '#state = :active AND #ss.#sid = :before',
      values: { active: 'active', before },
      names: { sid: sessionId },
    },
    otherwise,
  };
}

/** Ends one session; done already is done. */
export const dropSession = (userId: string, sessionId: string, otherwise: Refuse): PlainWrite => ({
  update: principalKey(userId),
  change: { text: 'REMOVE #ss.#sid', names: { sid: sessionId } },
  condition: { text: 'attribute_exists(#pk)' },
  otherwise,
});

/** Ends every session of a user. One that begins afterwards is good at once. */
export const dropAllSessions = (userId: string, otherwise: Refuse): PlainWrite => ({
  update: principalKey(userId),
  change: { text: 'SET #ss = :none', values: { none: {} } },
  condition: { text: 'attribute_exists(#pk)' },
  otherwise,
});

/**
 * Taken by whoever is about to replace a user's password, since that is done elsewhere before the table knows of it: no two do so at once. It lapses at the
 * time that it begins with (ISO 8601). Refused while another's has not, and where the password has been replaced since it was judged.
 */
export const takeLease = (
  userId: string,
  lease: string,
  { now, passwordChanges }: { now: Date; passwordChanges: number },
  otherwise: Refuse,
): PlainWrite => ({
  update: principalKey(userId),
  change: { text: 'SET #lease = :lease', values: { lease } },
  condition: {
    text: [
      '#state = :active',
      '(attribute_not_exists(#lease) OR #lease < :now)',
      passwordChanges === 0 ? 'attribute_not_exists(#pw)' : '#pw = :pw',
    ].join(' AND '),
    values: { active: 'active', now: now.toISOString(), pw: passwordChanges },
  },
  otherwise,
});

/** The holder of a lease goes on under another: whatever was to be written under the first, and may still be on its way, is refused from then on. */
export const swapLease = (userId: string, lease: string, next: string, otherwise: Refuse): PlainWrite => ({
  update: principalKey(userId),
  change: { text: 'SET #lease = :next', values: { next } },
  condition: { text: '#lease = :lease', values: { lease } },
  otherwise,
});

export const dropLease = (userId: string, lease: string, otherwise: Refuse): PlainWrite => ({
  update: principalKey(userId),
  change: { text: 'REMOVE #lease' },
  condition: { text: '#lease = :lease', values: { lease } },
  otherwise,
});

/** What becomes of a user's sessions, and of its API keys, when its password has been replaced. */
interface Ending {
  role: string;
  passwordChanges: number;
  /** The session that goes on. */
  kept?: { id: string; entry: Uint8Array };
  /** So many API keys go, by other writes of the transaction: all that there are. They stay unless given. */
  keys?: number;
}

/**
 * The holder of the lease has replaced the password, or may have done so where it is nobody's: every session ends but the `kept` one, which has to be as it
 * was read. Where keys go, too, there have to be as many as were found.
 */
export function endSessions(
  userId: string,
  lease: string | undefined,
  { role, passwordChanges, kept, keys }: Ending,
  otherwise: Refuse,
): PlainWrite {
  const ss = kept === undefined ? {} : { [kept.id]: kept.entry };
  const asMany = keys === 0 ? ' AND (attribute_not_exists(#keys) OR #keys = :keys)' : ' AND #keys = :keys';
  return {
    update: principalKey(userId),
    change: {
      text: `SET #ss = :ss, #role = :role${passwordChanges === 0 ? '' : ', #pw = :pw'} REMOVE #lease${keys === undefined ? '' : ', #keys'}`,
      values: { ss, role, pw: passwordChanges },
    },
    condition: {
      text: `${lease === undefined ? 'attribute_not_exists(#lease)' : '#lease = :lease'}${kept === undefined ? '' : ' AND #ss.#sid = :entry'}${keys === undefined ? '' : asMany}`,
      values: { lease, entry: kept?.entry, keys },
      names: { sid: kept?.id ?? '' },
    },
    otherwise,
  };
}
