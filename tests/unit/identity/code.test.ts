import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  awaitsMail,
  type Code,
  codeBytes,
  codeLifetimeMs,
  codeText,
  hashCode,
  isCode,
  mostAnHour,
  readCode,
  wishForCode,
} from '../../../functions/identity/domain/code.ts';
import { fc } from '../../support/properties.ts';

const now = new Date('2026-02-01T10:20:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const wish = { userId: 'u', purpose: 'reset_password', language: 'en', now } as const;
const bytes = fc.uint8Array({ minLength: codeBytes, maxLength: codeBytes });
const email = 'minji@example.com';

function made(text: string, given: Partial<Code> = {}): Code {
  const salt = new Uint8Array(randomBytes(16));
  const code = wishForCode({ ...wish, nonce: 'n' });
  return { ...code, salt, hash: hashCode(text, email, salt), expires_at: later(1_000).toISOString(), ...given };
}

describe('the text of a code', () => {
  it('is twelve characters that are not mistaken for each other, in three groups', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        expect(codeText(random)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes each of its 32 characters from as many bytes as any other', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const [first = ''] = codeText(new Uint8Array(codeBytes).fill(byte));
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect([counts.size, new Set(counts.values())]).toEqual([32, new Set([8])]);
  });

  it('is read however it is typed', () => {
    const spellings = [
      (text: string) => text.toLowerCase(),
      (text: string) => text.replaceAll('-', ''),
      (text: string) => ` ${text.replaceAll('-', ' ')} `,
      (text: string) => text.replaceAll('0', 'O').replaceAll('1', 'l'),
      (text: string) => text.replaceAll('1', 'i').replaceAll('0', 'o'),
    ];
    fc.assert(
      fc.property(bytes, fc.constantFrom(...spellings), (random, spell) => {
        const text = codeText(random);
        expect(readCode(spell(text))).toBe(text.replaceAll('-', ''));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['', 'ABCD-EFGH-JKM', 'ABCD-EFGH-JKMNP', 'ABCD-EFGH-JKMU', 'ABCD_EFGH_JKMN', 'ＡBCD-EFGH-JKMN'])(
    'is not %o',
    (typed) => {
      expect(readCode(typed)).toBeUndefined();
    },
  );
});

describe('a code', () => {
  it('is itself alone, under the address that it was mailed to, in any case, until it ends', () => {
    fc.assert(
      fc.property(bytes, bytes, (random, other) => {
        const [text, wrong] = [codeText(random), codeText(other)];
        const code = made(text);
        expect(isCode(code, text, email.toUpperCase(), now)).toBe(true);
        expect(isCode(code, wrong, email, now)).toBe(wrong === text);
        expect(isCode(code, text, 'kim@example.com', now)).toBe(false);
        expect(isCode(code, text, email, later(1_000))).toBe(false);
        expect(isCode(code, text, email, later(999))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is nothing before it is made', () => {
    const unmade = wishForCode({ ...wish, nonce: 'n' });
    for (const typed of ['', 'undefined', 'ABCD-EFGH-JKMN']) expect(isCode(unmade, typed, email, now)).toBe(false);
  });

  it('does not match what no code is, even if that was hashed', () => {
    expect(isCode(made(''), '', email, now)).toBe(false);
    expect(isCode(made(''), 'nonsense', email, now)).toBe(false);
  });

  it('hashes otherwise under another salt', () => {
    const hashes = [1, 2].map((salt) => hashCode('ABCD-EFGH-JKMN', email, new Uint8Array([salt])));
    expect(hashes[0]).not.toEqual(hashes[1]);
  });
});

describe('a wish for a code', () => {
  it('is mailed while it is the last one, and no longer than its code would live', () => {
    const code = wishForCode({ ...wish, nonce: 'n' });
    expect(awaitsMail(code, 'n', now)).toBe(true);
    expect(awaitsMail(code, 'other', now)).toBe(false);
    expect(awaitsMail(code, 'n', later(codeLifetimeMs.reset_password - 1))).toBe(true);
    expect(awaitsMail(code, 'n', later(codeLifetimeMs.reset_password))).toBe(false);
  });

  it('begins without tries, and without a code', () => {
    const next = wishForCode({ ...wish, nonce: 'next' }, made('ABCD-EFGH-JKMN', { tries: 7 }));
    expect(next).toMatchObject({ nonce: 'next', tries: 0, asked: 2 });
    expect(next).not.toHaveProperty('hash');
  });

  it('is granted so often an hour, and again in the next', () => {
    for (const [purpose, most] of Object.entries(mostAnHour) as [Code['purpose'], number][]) {
      let code: Code | undefined;
      for (let nth = 1; nth <= most; nth += 1) {
        code = wishForCode({ ...wish, purpose, nonce: String(nth) }, code);
        expect(code.asked).toBe(nth);
      }
      const again = (at: Date) => wishForCode({ ...wish, purpose, nonce: 'more', now: at }, code);
      expect(() => again(later(39 * 60_000))).toThrow(
        expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds: 60 }),
      );
      expect(again(later(40 * 60_000)).asked).toBe(1);
    }
  });
});
