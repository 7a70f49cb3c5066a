import { isExpired, type Session } from './session.ts';

/** More than these many devices a person hardly has; each is some 90 bytes of an item that every call of the user pays for. */
export const maxSessionsPerUser = 10;

/** The sessions of a user by their id. One that can't be read is `undefined`: nobody can use it. */
export type Sessions = Readonly<Record<string, Session | undefined>>;

const isOver = (session: Session | undefined, now: Date) => session === undefined || isExpired(session, now);

export const expiredSessions = (sessions: Sessions, now: Date): string[] =>
  Object.entries(sessions).flatMap(([id, session]) => (isOver(session, now) ? [id] : []));

/**
 * Which sessions go so that one more fits: all that are over, then those that would end first, which are the oldest, for all live equally long.
 */
export function makeRoom(sessions: Sessions, now: Date): string[] {
  const over = expiredSessions(sessions, now);
  const living = Object.entries(sessions)
    .filter(([id]) => !over.includes(id))
    .toSorted(([a, one], [b, other]) => (one?.expires ?? 0) - (other?.expires ?? 0) || (a < b ? -1 : 1));
  const excess = Math.max(0, living.length - (maxSessionsPerUser - 1));
  return [...over, ...living.slice(0, excess).map(([id]) => id)];
}

/** For replacing a password at Cognito and telling the table: longer than a function runs (20 s), so that nobody who holds it works on after it has lapsed. */
export const leaseSeconds = 30;

/** A lease's name, which says until when it holds. */
export const newLease = (id: string, now: Date): string =>
  `${new Date(now.getTime() + leaseSeconds * 1_000).toISOString()}#${id}`;

/** ISO 8601. */
export const leaseEnd = (lease: string): string => lease.slice(0, 24);
