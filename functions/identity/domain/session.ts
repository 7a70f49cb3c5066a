import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RefreshToken } from './refresh-token.ts';

/** What is kept of a session. Nothing in it is of use to who reads the table. */
export interface Session {
  /** SHA-256 of the secret that counts now, cut to 16 bytes. */
  hash: Uint8Array;
  /** SHA-256 of Cognito's refresh token, cut to 8: tells a spent token of this session from one made up. */
  family: Uint8Array;
  /** Unix seconds at which Cognito's refresh token ends, and this with it. */
  expires: number;
  /** The last refresh, and the one before it where that was within the grace of it: the latest first. */
  swaps: readonly Swap[];
}

/** A refresh: Unix milliseconds, and the salt that made the secret of then into the one after it. */
export interface Swap {
  at: number;
  salt: Uint8Array;
}

/** How long a spent token is answered again: for two tabs, or an answer that was lost on the way. */
export const graceMs = 30_000;

export const saltBytes = 16;

/** Refreshes in a row whose tokens may still be sent again. Two tabs, of which each refreshes within the grace, make two. */
export const mostSwaps = 2;

const isRecent = (swap: Swap | undefined, now: Date) => swap !== undefined && now.getTime() - swap.at <= graceMs;

const digest = (text: string, bytes: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text).digest().subarray(0, bytes));
const hashOf = (secret: string) => digest(secret, 16);
const familyOf = (cognito: string) => digest(cognito, 8);

export const openSession = (secret: string, cognito: string, expires: Date): Session => ({
  hash: hashOf(secret),
  family: familyOf(cognito),
  expires: Math.floor(expires.getTime() / 1_000),
  swaps: [],
});

/**
 * The secret after this one. Whoever holds the one before and meets the salt gets the same next one, so that every answer to a token spent within the
 * grace is the same working pair; without the salt, which only the table has, it can't be told.
 */
const nextSecret = (secret: string, salt: Uint8Array) => createHmac('sha256', secret).update(salt).digest('base64url');

export function swapSecret(
  session: Session,
  secret: string,
  salt: Uint8Array,
  now: Date,
): { session: Session; secret: string } {
  const next = nextSecret(secret, salt);
  const before = session.swaps.filter((swap) => isRecent(swap, now));
  const swaps = [{ at: now.getTime(), salt }, ...before].slice(0, mostSwaps);
  return { session: { ...session, hash: hashOf(next), swaps }, secret: next };
}

/**
 * - `current`: the token counts; it is to be swapped.
 * - `repeated`: it has just been spent; `secret` is the one that counts since, one swap on or two.
 * - `reused`: it was spent longer ago. Two hold this session, and one of them should not.
 * - `unknown`: not of this session, or the session is over.
 */
export type Judgement =
  | { kind: 'current' }
  | { kind: 'repeated'; secret: string }
  | { kind: 'reused' }
  | { kind: 'unknown' };

export function judgeToken(session: Session | undefined, { secret, cognito }: RefreshToken, now: Date): Judgement {
  if (session === undefined || isExpired(session, now)) return { kind: 'unknown' };
  if (!timingSafeEqual(familyOf(cognito), session.family)) return { kind: 'unknown' };
  if (timingSafeEqual(hashOf(secret), session.hash)) return { kind: 'current' };
  for (let back = 1; back <= session.swaps.length; back += 1) {
    // Spent by the swap that lies so far back, and swapped again by those since.
    const since = session.swaps.slice(0, back);
    if (!isRecent(since.at(-1), now)) break;
    const last = since.reduceRight((one, { salt }) => nextSecret(one, salt), secret);
    if (timingSafeEqual(hashOf(last), session.hash)) return { kind: 'repeated', secret: last };
  }
  return { kind: 'reused' };
}

export const isExpired = ({ expires }: Session, now: Date): boolean => expires * 1_000 <= now.getTime();
