import { conflict } from '../../../contracts/errors.ts';
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
import { withNewAccount } from './with-new-account.ts';

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

export const register =
  ({ users, access, codes, accounts, adminEmail, newSecret, report }: Registration): UseCase<Route> =>
  async ({ body }, call) => {
    const { emailTaken, adminsExist } = await access.survey(body.email);
    if (emailTaken) throw conflict('user.email_taken');
    const id = call.newId();

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

    const make = async () => {
      await accounts.create(id, body.password);
      const tokens = await accounts.signIn(id, body.password);
      if (tokens.kind !== 'signed_in') throw new Error(`cannot register: the new account is ${tokens.kind}`);
      return tokens;
    };
    return withNewAccount({ accounts, report }, id, make, async (tokens) => {
      if (!seeksAdmin({ adminsExist, adminEmail })) return commit(tokens, 'user');
      return commit(tokens, 'admin').catch((error: unknown) => {
        if (error instanceof FirstAdminFound) return commit(tokens, 'user');
        throw error;
      });
    });
  };
