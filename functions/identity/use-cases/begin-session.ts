import { unavailable } from '../../../contracts/errors.ts';
import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { DataOf } from '../../../contracts/route.ts';
import type { Answer, Call } from '../../platform/api/call.ts';
import { writeRefreshToken } from '../domain/refresh-token.ts';
import { openSession } from '../domain/session.ts';
import { makeRoom, type Sessions } from '../domain/sessions.ts';
import { type User, viewOf } from '../domain/user.ts';
import { NoRoom, type SessionStore, type SignedIn, type Tokens } from '../ports.ts';

export type SessionAnswer = Answer<DataOf<(typeof identityRoutes)['auth.login']>>;

/** A session as it is answered; for the OAuth2 form with the names of that standard at the root, too. */
export function sessionAnswer(
  user: User,
  tokens: Tokens,
  refreshToken: string,
  call: Pick<Call, 'form' | 'now'>,
): SessionAnswer {
  const { accessToken, expiresAt, sessionId } = tokens;
  const expiresIn = Math.max(0, Math.round((expiresAt.getTime() - call.now.getTime()) / 1_000));
  return {
    data: { token: accessToken, expires_at: expiresAt.toISOString(), refresh_token: refreshToken, user: viewOf(user) },
    resourceId: sessionId,
    ...(call.form && { root: { access_token: accessToken, token_type: 'bearer', expires_in: expiresIn } }),
  };
}

/** What is kept of the session that Cognito has begun, and what the client gets to go on with. */
export const openSessionOf = ({ userId, sessionId, refreshToken, endsAt }: SignedIn, secret: string) => ({
  session: openSession(secret, refreshToken, endsAt),
  refreshToken: writeRefreshToken({ userId, sessionId, secret, cognito: refreshToken }),
});

/** Signing in on so many devices within a moment is nobody's need; the next one may try again. */
const mostTries = 12;

/**
 * Enters a session into the user's, within their number: expired ones go, then the oldest. That there is room is taken for granted first, so that a
 * sign-in reads nothing for it; where there is none, the refusal shows what is there.
 */
export async function beginSession(
  { sessions, newSecret }: { sessions: SessionStore; newSecret: () => string },
  user: User,
  tokens: SignedIn,
  writes: Parameters<Call['commit']>[0],
  call: Call,
): Promise<SessionAnswer> {
  const { session, refreshToken } = openSessionOf(tokens, newSecret());
  const answer = sessionAnswer(user, tokens, refreshToken, call);
  let known: Sessions = {};
  for (let tries = 0; tries < mostTries; tries += 1) {
    const evicted = makeRoom(known, call.now);
    try {
      return await call.commit([sessions.add(user, tokens.sessionId, session, evicted), ...writes], answer);
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      known = error.sessions;
    }
  }
  throw unavailable(1);
}
