import { maxConnectionsPerUser } from '../../../contracts/realtime/client-messages.ts';

/** What a token proved of a connection. */
export interface Session {
  /** The session's id, which all of its access tokens share. */
  sid: string;
  /** Unix seconds at which the token expires: from then on nothing is sent, until a fresh one comes. */
  exp: number;
}

/** One open connection of a user. */
export interface Place extends Session {
  /** Unix milliseconds at which it authenticated first. */
  at: number;
  /** Topics it added. */
  on: readonly string[];
  /** Topics it has from the beginning and took away. */
  off: readonly string[];
}

/** A user's open connections, by id. */
export type Presence = Readonly<Record<string, Place>>;

export type Claim = { kind: 'first' } | { kind: 'renew' } | { kind: 'join'; evict: string[] };

/**
 * How a connection comes into a user's presence. Where there is no room, those go whose token has expired, then the
 * oldest.
 */
export function planClaim(presence: Presence | undefined, connectionId: string, nowSeconds: number): Claim {
  if (presence === undefined) return { kind: 'first' };
  if (Object.hasOwn(presence, connectionId)) return { kind: 'renew' };
  const entries = Object.entries(presence);
  const over = entries.length + 1 - maxConnectionsPerUser;
  const expiredFirst = ({ exp, at }: Place) => (exp <= nowSeconds ? 0 : at);
  const byAge = entries.toSorted(([, a], [, b]) => expiredFirst(a) - expiredFirst(b));
  return { kind: 'join', evict: byAge.slice(0, Math.max(0, over)).map(([id]) => id) };
}
