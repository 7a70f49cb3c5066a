import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { createTokenVerifier, type TokenVerifier } from '../../../functions/platform/auth/verify-token.ts';

export type Claims = Record<string, unknown>;

export interface TokenIssuer {
  pool: { userPoolId: string; clientId: string };
  issuer: string;
  verifyToken: TokenVerifier;
  /** The claims of an access token as Cognito makes them. */
  claimsOf(userId: string, sessionId: string, changes?: Claims): Claims;
  sign(claims: unknown, header?: Record<string, unknown>, key?: 'own' | 'foreign'): string;
  /** The pool's public key, as anybody may read it. */
  publicKey: KeyObject;
  /** Another key's, which an attacker has both halves of. */
  foreignKey: KeyObject;
}

const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const seconds = (time = Date.now()) => Math.floor(time / 1_000);

/** Signs what Cognito would, with a key of its own, and a verifier that knows this key as the pool's. Tests make every bad token with it. */
export function createTokenIssuer(): TokenIssuer {
  const pool = { userPoolId: 'eu-west-1_TestPool1', clientId: 'testclient0000000000000000' };
  const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${pool.userPoolId}`;
  const [own, foreign] = [keyPair(), keyPair()];
  const jwks = { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }] };
  const jwksCache = new SimpleJwksCache({
    fetcher: { fetch: async () => new TextEncoder().encode(JSON.stringify(jwks)).buffer },
  });

  return {
    pool,
    issuer,
    verifyToken: createTokenVerifier(pool, jwksCache),
    publicKey: own.publicKey,
    foreignKey: foreign.publicKey,
    claimsOf: (userId, sessionId, changes = {}) => ({
      sub: randomUUID(),
      iss: issuer,
      client_id: pool.clientId,
      origin_jti: sessionId,
      token_use: 'access',
      scope: '',
      auth_time: seconds(),
      iat: seconds(),
      exp: seconds() + 3_600,
      jti: randomUUID(),
      username: userId,
      ...changes,
    }),
    sign(claims, header = {}, key = 'own') {
      const text = `${encode({ kid: 'own', alg: 'RS256', ...header })}.${encode(claims)}`;
      const { privateKey } = key === 'own' ? own : foreign;
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
    },
  };
}
