import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readRefreshToken, writeRefreshToken } from '../../../functions/identity/domain/refresh-token.ts';
import { fc } from '../../support/properties.ts';

const secrets = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
/** A JWE in compact form, as Cognito's refresh tokens are. */
const jwes = fc
  .array(fc.base64String({ minLength: 4, maxLength: 400 }), { minLength: 5, maxLength: 5 })
  .map((parts) => parts.join('.').replace(/[+/]/g, '-'));

describe('a refresh token of ours', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), secrets, jwes, (userId, sessionId, secret, cognito) => {
        const token = { userId, sessionId, secret, cognito };
        expect(writeRefreshToken(token)).toMatch(/^rt_/);
        expect(readRefreshToken(writeRefreshToken(token))).toEqual(token);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is none where a part is missing, cut or of another form', () => {
    const token = {
      userId: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
      sessionId: 's-1',
      secret: randomBytes(32).toString('base64url'),
      cognito: 'a.b.c.d.e',
    };
    const good = writeRefreshToken(token);
    const bad = [
      '',
      'rt_',
      good.slice(3),
      good.replace('rt_', 'sk_'),
      good.split('.').slice(0, 3).join('.'),
      `${good} `,
      ` ${good}`,
      `${good}\n`,
    ];
    const changed = [
      { secret: 'short' },
      { userId: 'PRINCIPAL#1' },
      { sessionId: '' },
      { sessionId: 'a#b' },
      { cognito: '' },
      { cognito: 'a b' },
    ];
    for (const text of [...bad, ...changed.map((change) => writeRefreshToken({ ...token, ...change }))]) {
      expect(readRefreshToken(text), text).toBeUndefined();
    }
  });

  it('is none in any garbage, and reading it never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readRefreshToken(text)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
});
