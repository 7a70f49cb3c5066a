import { unauthorized } from '../../../contracts/errors.ts';
import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { type RefreshToken, readRefreshToken, writeRefreshToken } from '../domain/refresh-token.ts';
import { judgeToken, swapSecret } from '../domain/session.ts';
import { expiredSessions } from '../domain/sessions.ts';
import { type Accounts, type Report, SessionMoved, type SessionStore, type Tokens } from '../ports.ts';
import { sessionAnswer } from './begin-session.ts';

interface Refresh {
  sessions: SessionStore;
  accounts: Accounts;
  newSalt: () => Uint8Array;
  report: Report;
}

type Route = (typeof identityRoutes)['auth.refresh'];

const refused = () => unauthorized('auth.refresh_refused');

/** A token that speaks of one session and holds Cognito's of another was put together from two. */
async function askCognito(accounts: Accounts, { cognito, sessionId, userId }: RefreshToken): Promise<Tokens> {
  const tokens = await accounts.refresh(cognito);
  if (tokens?.sessionId !== sessionId || tokens.userId !== userId) throw refused();
  return tokens;
}

/**
 * Cognito's refresh token stays the same as long as the session lives; ours wraps it with a secret that each refresh changes. Of many at once one swaps
 * the secret, and the others, who meet the swapped one, answer the same pair. A token that was spent longer ago ends the session.
 */
export const refresh =
  ({ sessions, accounts, newSalt, report }: Refresh): UseCase<Route> =>
  async ({ body }, call) => {
    const token = readRefreshToken(body.refresh_token);
    if (token === undefined) throw refused();
    const found = await sessions.load(token.userId);
    if (found === undefined || !found.access.active) throw refused();
    const { userId, sessionId } = token;
    const answer = (tokens: Tokens, secret: string) =>
      sessionAnswer(found.user, tokens, writeRefreshToken({ ...token, secret }), call);

    let session = found.access.sessions[sessionId];
    let tokens: Tokens | undefined;
    for (;;) {
      const judgement = judgeToken(session, token, call.now);
      if (session === undefined || judgement.kind === 'unknown') throw refused();
      call.identify(userId);
      if (judgement.kind === 'reused') {
        await sessions.dropNow(userId, sessionId);
        await accounts
          .revoke(token.cognito)
          .catch((error: unknown) => report('cannot revoke a session whose token was used again', error));
        throw refused();
      }
      tokens ??= await askCognito(accounts, token);
      if (judgement.kind === 'repeated') return call.commit([], answer(tokens, judgement.secret));
      const next = swapSecret(session, token.secret, newSalt(), call.now);
      const expired = expiredSessions(found.access.sessions, call.now).filter((id) => id !== sessionId);
      try {
        return await call.commit(
          [sessions.swap(userId, sessionId, session, next.session, expired)],
          answer(tokens, next.secret),
        );
      } catch (error) {
        if (!(error instanceof SessionMoved)) throw error;
        // Spent a moment ago by another request with the same token, or the session has ended.
        session = error.session;
      }
    }
  };
