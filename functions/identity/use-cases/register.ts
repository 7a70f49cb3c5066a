import { conflict, isUnavailable } from '../../../contracts/errors.ts';
import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { wishForCode } from '../domain/code.ts';
import { newUser, seeksAdmin } from '../domain/user.ts';
import {
  type AccessStore,
  type Accounts,
  type CodeStore,
  FirstAdminFound,
  type Report,
  type SignedIn,
  type UserStore,
} from '../ports.ts';
import { openSessionOf, sessionAnswer } from './begin-session.ts';

interface Registration {
  users: UserStore;
  access: AccessStore;
  codes: CodeStore;
  accounts: Accounts;
  /** The stage's setting: if not empty, only who verifies this address becomes the first admin. */
  adminEmail: string;
  newSecret: () => string;
  report: Report;
}

type Route = (typeof identityRoutes)['auth.register'];

/**
 * Cognito first, then all of ours in one transaction: an account without a user can't do anything, a user without an account could never sign in. What
 * was made at Cognito goes again when Cognito fails before the table is asked, and when the transaction is refused, but not when its outcome is unknown. What
 * is left by that, and by a removal that fails, is for a sweep.
 */
export const register =
  ({ users, access, codes, accounts, adminEmail, newSecret, report }: Registration): UseCase<Route> =>
  async ({ body }, call) => {
    const { emailTaken, adminsExist } = await access.survey(body.email);
    if (emailTaken) throw conflict('user.email_taken');
    const id = call.newId();
    let asked = false;

    const commit = (tokens: SignedIn, role: 'admin' | 'user') => {
      const user = newUser({ ...body, id, role, now: call.now });
      const { session, refreshToken } = openSessionOf(tokens, newSecret());
      const answer = { ...sessionAnswer(user, tokens, refreshToken, call), resourceId: id, userId: id };
      const { language, now } = call;
      const code = wishForCode({ userId: id, purpose: 'verify_email', nonce: call.newId(), language, now });
      return call.commit(
        [...users.insert(user), ...access.insert(user, tokens.sessionId, session, now), codes.ask(code)],
        answer,
      );
    };

    try {
      await accounts.create(id, body.password);
      const tokens = await accounts.signIn(id, body.password);
      if (tokens.kind !== 'signed_in') throw new Error(`cannot register: the new account is ${tokens.kind}`);
      asked = true;
      if (!seeksAdmin({ adminsExist, adminEmail })) return await commit(tokens, 'user');
      return await commit(tokens, 'admin').catch((error: unknown) => {
        if (error instanceof FirstAdminFound) return commit(tokens, 'user');
        throw error;
      });
    } catch (error) {
      if (!(asked && isUnavailable(error))) {
        await accounts
          .remove(id)
          .catch((failure: unknown) => report('cannot remove an account that was not registered', failure));
      }
      throw error;
    }
  };
