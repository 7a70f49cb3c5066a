import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../../../contracts/errors.ts';
import type { CodePurpose } from '../../../contracts/internal-events.ts';
import type { Language } from '../../../contracts/messages.ts';
import { foldEmail } from './user.ts';

/** A wish for a code. The code itself is made when its mail is sent; until then `hash` and what goes with it are missing. */
export interface Code {
  user_id: string;
  purpose: CodePurpose;
  /** Of this wish: a later one is another, and supersedes it. */
  nonce: string;
  language: Language;
  requested_at: string;
  /** The hour, counted from 1970, of the wishes that `asked` counts. */
  hour: number;
  asked: number;
  /** Wrong codes that were tried. */
  tries: number;
  hash?: Uint8Array;
  salt?: Uint8Array;
  expires_at?: string;
}

const hourMs = 3_600_000;

/** From when it is mailed. A wish that waited longer than this for its mail is stale: nobody expects that mail any more. */
export const codeLifetimeMs: Readonly<Record<CodePurpose, number>> = {
  verify_email: 24 * hourMs,
  reset_password: hourMs / 2,
  invite: 7 * 24 * hourMs,
};

/** Mails an account and hour: anybody may ask for a reset of anybody's password, and any address may be entered as one's own. */
export const mostAnHour: Readonly<Record<CodePurpose, number>> = { verify_email: 5, reset_password: 3, invite: 5 };

/**
 * Wrong codes that a code bears. Whoever knows an address can spend them, so that they are more than one address of the network gets through in the life of
 * a reset (10 in 15 minutes); of 2^60 codes they are nothing.
 */
export const mostTries = 25;

interface Wish {
  userId: string;
  purpose: CodePurpose;
  nonce: string;
  language: Language;
  now: Date;
}

/** The code that supersedes `before`. RATE_LIMITED past the mails of the hour. */
export function wishForCode({ userId, purpose, nonce, language, now }: Wish, before?: Code): Code {
  const hour = Math.floor(now.getTime() / hourMs);
  const asked = before?.hour === hour ? before.asked : 0;
  if (asked >= mostAnHour[purpose]) {
    const retryAfterSeconds = Math.ceil(((hour + 1) * hourMs - now.getTime()) / 1_000);
    throw new ApiError('RATE_LIMITED', 'code.too_many', { retryAfterSeconds });
  }
  return {
    user_id: userId,
    purpose,
    nonce,
    language,
    requested_at: now.toISOString(),
    hour,
    asked: asked + 1,
    tries: 0,
  };
}

/** Without I, L, O and U: what is read off a screen is typed as it is meant. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const characters = 12;

/** Bytes of randomness that a code is made of; 60 of their 96 bits count. */
export const codeBytes = characters;

/** `9K3D-7QWX-A2MT`: 60 bits, which no hash of them gives away before it ends, to whoever reads the table or its stream. */
export function codeText(bytes: Uint8Array): string {
  const text = Array.from(bytes.subarray(0, characters), (byte) => alphabet[byte % alphabet.length]).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** What a person typed as the code that is meant: in any case, with any dashes and spaces, O for 0, I and L for 1. Undefined for what no code is. */
export function readCode(typed: string): string | undefined {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return plain.length === characters && [...plain].every((one) => alphabet.includes(one)) ? plain : undefined;
}

/** Under the address that it is mailed to, so that it is worth nothing under another; and no address stands in the code's item. */
export function hashCode(code: string, email: string, salt: Uint8Array): Uint8Array {
  const hash = createHash('sha256')
    .update(salt)
    .update(`${foldEmail(email)}\n`)
    .update(readCode(code) ?? '');
  return new Uint8Array(hash.digest());
}

const isOver = (at: string | undefined, now: Date) => at === undefined || Date.parse(at) <= now.getTime();

/** Whether a mail may still be sent for this wish. */
export const awaitsMail = (code: Code, nonce: string, now: Date): boolean =>
  code.nonce === nonce && Date.parse(code.requested_at) + codeLifetimeMs[code.purpose] > now.getTime();

/** Whether what was typed is this code, mailed to this address. Tries are not judged here: the write that spends it holds them. */
export function isCode(code: Code, typed: string, email: string, now: Date): boolean {
  const { hash, salt, expires_at } = code;
  if (hash === undefined || salt === undefined || isOver(expires_at, now)) return false;
  return readCode(typed) !== undefined && timingSafeEqual(hash, hashCode(typed, email, salt));
}
