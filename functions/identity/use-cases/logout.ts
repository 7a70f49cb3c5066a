import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { readRefreshToken } from '../domain/refresh-token.ts';
import type { Accounts, Report, SessionStore } from '../ports.ts';

type Route = (typeof identityRoutes)['auth.logout'];

/**
 * The table decides, from the next request on. Cognito is told after: of one session by its refresh token, where the client hands it over. Without it
 * Cognito's copy lives on to no use: only this API can spend it, and it asks the table first.
 */
export const logout =
  ({ sessions, accounts, report }: { sessions: SessionStore; accounts: Accounts; report: Report }): UseCase<Route> =>
  async ({ body }, call) => {
    const { userId, sessionId } = call.caller;
    const everywhere = body.everywhere === true;
    const answer = await call.commit<undefined>(
      [everywhere ? sessions.dropAll(userId) : sessions.drop(userId, sessionId)],
      { resourceId: sessionId },
    );

    const token = body.refresh_token === undefined ? undefined : readRefreshToken(body.refresh_token);
    const isOwn = token?.userId === userId && token.sessionId === sessionId;
    const revocation = everywhere ? accounts.revokeAll(userId) : isOwn ? accounts.revoke(token.cognito) : undefined;
    await revocation?.catch((error: unknown) => report('cannot revoke at Cognito what was signed out', error));
    return answer;
  };
