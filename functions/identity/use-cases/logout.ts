import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { readRefreshToken } from '../domain/refresh-token.ts';
import type { Accounts, Report, SessionStore } from '../ports.ts';

type Route = (typeof identityRoutes)['auth.logout'];

/**
 * The table decides, from the next request on. Of one session Cognito is told after, by its refresh token, where the client hands it over. Without it
 * Cognito's copy lives on to no use: only this API can spend it, and it asks the table first. Of all sessions Cognito is told before: told after, it would end
 * one that has begun since, which is good.
 */
export const logout =
  ({ sessions, accounts, report }: { sessions: SessionStore; accounts: Accounts; report: Report }): UseCase<Route> =>
  async ({ body }, call) => {
    const { userId, sessionId } = call.caller;
    const everywhere = body.everywhere === true;
    const reported = (revocation: Promise<void>) =>
      revocation.catch((error: unknown) => report('cannot revoke at Cognito what was signed out', error));
    if (everywhere) await reported(accounts.revokeAll(userId));
    const answer = await call.commit<undefined>(
      [everywhere ? sessions.dropAll(userId) : sessions.drop(userId, sessionId)],
      { resourceId: sessionId },
    );

    const token = body.refresh_token === undefined ? undefined : readRefreshToken(body.refresh_token);
    const isOwn = token?.userId === userId && token.sessionId === sessionId;
    if (isOwn && !everywhere) await reported(accounts.revoke(token.cognito));
    return answer;
  };
