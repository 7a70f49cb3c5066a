import type { PlainWrite, Refuse } from '../table/types.ts';
import { principalKey } from './principal.ts';

// The sessions of a user are the map `ss` of its principal: session id → what identity keeps of it, as bytes. A session that is not in it is signed out.

const entries = (sessionIds: readonly string[]) => Object.fromEntries(sessionIds.map((id, at) => [`gone_${at}`, id]));
const paths = (sessionIds: readonly string[]) => sessionIds.map((_, at) => `#ss.#gone_${at}`);
const removal = (sessionIds: readonly string[]) =>
  sessionIds.length === 0 ? '' : ` REMOVE ${paths(sessionIds).join(', ')}`;

/**
 * An active user gets one session more, and loses `evicted`. Refused when that would make more than `most`, or when one of the evicted has gone
 * meanwhile: plan anew from the item as it was.
 */
export function addSession(
  userId: string,
  sessionId: string,
  { entry, evicted, most }: { entry: Uint8Array; evicted: readonly string[]; most: number },
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
        ...paths(evicted).map((path) => `attribute_exists(${path})`),
      ].join(' AND '),
      values: { active: 'active', most: most + evicted.length },
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
