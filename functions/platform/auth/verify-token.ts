import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtBaseError, JwtExpiredError } from 'aws-jwt-verify/error';
import type { JwksCache } from 'aws-jwt-verify/jwk';
import { ApiError, unauthorized, unavailable } from '../../../contracts/errors.ts';
import { ExpiredToken } from './expired-token.ts';

export interface VerifiedToken {
  userId: string;
  sessionId: string;
  /** Unix seconds. */
  expiresAt: number;
}

/** Answers whom a token speaks for, or throws UNAUTHORIZED, as `ExpiredToken` where nothing but its time is over; the cause is for the log only. */
export type TokenVerifier = (token: string) => Promise<VerifiedToken>;

const isName = (claim: unknown): claim is string => typeof claim === 'string' && claim !== '';

/**
 * Signature, issuer, audience, use and expiry are checked offline, against the pool's keys, fetched once a process: from the issuer's own address, unless
 * a cache that fetches elsewhere is handed in.
 */
export function createTokenVerifier(
  pool: { userPoolId: string; clientId: string },
  jwksCache?: JwksCache,
): TokenVerifier {
  const verifier = CognitoJwtVerifier.create({ ...pool, tokenUse: 'access' }, jwksCache && { jwksCache });
  return async (token) => {
    const claims = await verifier.verify(token).catch((error: unknown) => {
      if (error instanceof FetchError) throw unavailable(5, error);
      // Its signature has been verified by then.
      if (error instanceof JwtExpiredError) throw new ExpiredToken(error);
      if (error instanceof JwtBaseError) throw new ApiError('UNAUTHORIZED', 'auth.required', { cause: error });
      throw error;
    });
    // `uid` stands in tokens of federated users, whose Cognito user name is not our id.
    const userId = claims['uid'] ?? claims.username;
    const sessionId = claims.origin_jti;
    if (!isName(userId) || !isName(sessionId)) throw unauthorized();
    return { userId, sessionId, expiresAt: claims.exp };
  };
}
