import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  graceMs,
  judgeToken,
  openSession,
  type Session,
  saltBytes,
  swapSecret,
} from '../../../functions/identity/domain/session.ts';
import { packSession, unpackSession } from '../../../functions/identity/domain/session-bytes.ts';
import { fc } from '../../support/properties.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const salt = () => new Uint8Array(randomBytes(saltBytes));
const ends = later(30 * 86_400_000);
const tokenOf = (secret: string, cognito = 'cognito') => ({ userId: 'user', sessionId: 'session', secret, cognito });
const opened = openSession('secret-0', 'cognito', ends);

describe('a refresh token', () => {
  it('counts until it is swapped', () => {
    expect(judgeToken(opened, tokenOf('secret-0'), now)).toEqual({ kind: 'current' });
    const { session, secret } = swapSecret(opened, 'secret-0', salt(), now);
    expect(judgeToken(session, tokenOf(secret), later(1))).toEqual({ kind: 'current' });
    expect(secret).not.toBe('secret-0');
  });

  it('is answered the same next one for 30 seconds after it was spent', () => {
    const { session, secret } = swapSecret(opened, 'secret-0', salt(), now);
    for (const wait of [0, 1, graceMs])
      expect(judgeToken(session, tokenOf('secret-0'), later(wait))).toEqual({ kind: 'repeated', secret });
    expect(judgeToken(session, tokenOf('secret-0'), later(graceMs + 1))).toEqual({ kind: 'reused' });
  });

  it('is answered the same on a clock that is a little behind', () => {
    const { session, secret } = swapSecret(opened, 'secret-0', salt(), now);
    expect(judgeToken(session, tokenOf('secret-0'), later(-2_000))).toEqual({ kind: 'repeated', secret });
  });

  it('of two swaps ago is answered so, too, for 30 seconds after it was spent itself', () => {
    const first = swapSecret(opened, 'secret-0', salt(), now);
    const second = swapSecret(first.session, first.secret, salt(), later(10_000));
    const repeated = { kind: 'repeated', secret: second.secret };
    for (const wait of [10_000, 20_000, graceMs])
      for (const secret of ['secret-0', first.secret])
        expect(judgeToken(second.session, tokenOf(secret), later(wait))).toEqual(repeated);
    expect(judgeToken(second.session, tokenOf('secret-0'), later(graceMs + 1))).toEqual({ kind: 'reused' });
    expect(judgeToken(second.session, tokenOf(first.secret), later(10_000 + graceMs))).toEqual(repeated);
  });

  it('of three swaps ago is one that was used again, however soon, and of two where the first was longer ago', () => {
    let turn = swapSecret(opened, 'secret-0', salt(), now);
    for (const wait of [1, 2]) turn = swapSecret(turn.session, turn.secret, salt(), later(wait));
    expect(judgeToken(turn.session, tokenOf('secret-0'), later(3))).toEqual({ kind: 'reused' });
    const first = swapSecret(opened, 'secret-0', salt(), now);
    const second = swapSecret(first.session, first.secret, salt(), later(graceMs + 1));
    expect(second.session.swaps).toHaveLength(1);
    expect(judgeToken(second.session, tokenOf('secret-0'), later(graceMs + 2))).toEqual({ kind: 'reused' });
  });

  it('with another refresh token of Cognito in it says nothing of the session', () => {
    expect(judgeToken(opened, tokenOf('secret-0', 'another'), now)).toEqual({ kind: 'unknown' });
    expect(judgeToken(opened, tokenOf('made-up', 'another'), now)).toEqual({ kind: 'unknown' });
    expect(judgeToken(undefined, tokenOf('secret-0'), now)).toEqual({ kind: 'unknown' });
  });

  it('ends with its session', () => {
    expect(judgeToken(opened, tokenOf('secret-0'), later(30 * 86_400_000 - 1_000))).toEqual({ kind: 'current' });
    expect(judgeToken(opened, tokenOf('secret-0'), ends)).toEqual({ kind: 'unknown' });
  });

  it('can only be told by who met the salt: another salt makes another one', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 20 }), fc.uint8Array({ minLength: 16, maxLength: 16 }), (secret, bytes) => {
        const session = openSession(secret, 'cognito', ends);
        const [one, other] = [swapSecret(session, secret, bytes, now), swapSecret(session, secret, salt(), now)];
        expect(one.secret).not.toBe(other.secret);
        expect(judgeToken(one.session, tokenOf(other.secret), now).kind).toBe('reused');
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is kept of a session', () => {
  const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const swaps = fc.record({ at: fc.integer({ min: 0, max: 2 ** 48 - 1 }), salt: bytesOf(saltBytes) });
  const sessions: fc.Arbitrary<Session> = fc.record({
    hash: bytesOf(16),
    family: bytesOf(8),
    expires: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    swaps: fc.array(swaps, { maxLength: 2 }),
  });

  it('is packed and unpacked without loss, into 28, 50 or 72 bytes', () => {
    fc.assert(
      fc.property(sessions, (session) => {
        const bytes = packSession(session);
        expect(bytes).toHaveLength(28 + 22 * session.swaps.length);
        expect(unpackSession(bytes)).toEqual(session);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is nothing where it is not of that form', () => {
    for (const entry of [undefined, null, 'text', 1, {}, ...[0, 27, 51, 94].map((length) => new Uint8Array(length))]) {
      expect(unpackSession(entry)).toBeUndefined();
    }
  });

  it('holds neither the secret nor the token of Cognito', () => {
    const { session, secret } = swapSecret(opened, 'secret-0', salt(), now);
    const text = Buffer.from(packSession(session)).toString('latin1');
    for (const hidden of ['secret-0', secret, 'cognito']) expect(text).not.toContain(hidden);
    expect(text).not.toContain(Buffer.from(secret, 'base64url').toString('latin1'));
  });
});
