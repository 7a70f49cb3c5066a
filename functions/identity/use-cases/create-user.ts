import { conflict, forbidden, isUnavailable } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { wishForCode } from '../domain/code.ts';
import { nameOfAddress, newUser, viewOf } from '../domain/user.ts';
import type { AccessStore, AccountRecords, CodeStore, Report, UserStore } from '../ports.ts';

interface CreateUser {
  users: UserStore;
  access: AccessStore;
  codes: CodeStore;
  accounts: AccountRecords;
  report: Report;
}

/** As a registration: the account first, then all of ours in one transaction; what no user came of goes again, or is for the sweep. */
export const createUser =
  ({ users, access, codes, accounts, report }: CreateUser): UseCase<(typeof userRoutes)['users.create']> =>
  async ({ body }, call) => {
    const { email, password, username, role = 'user' } = body;
    // An admin whom a key made would still be one when the key is revoked.
    if (role === 'admin' && call.caller.keyId !== undefined) throw forbidden('auth.session_only');
    const name = body.name ?? (username === undefined ? nameOfAddress(email) : undefined);
    const taken = await users.findByEmail(email);
    if (taken !== undefined) return call.answeredOr(conflict('user.email_taken'));

    const { language, now } = call;
    const user = newUser({ id: call.newId(), username, name, email, role, now });
    const purpose = password === undefined ? 'invite' : 'verify_email';
    const code = wishForCode({ userId: user.id, purpose, nonce: call.newId(), language, now });
    const undo = () =>
      accounts
        .remove(user.id)
        .catch((error: unknown) => report('cannot remove an account that no user came of', error));
    let asked = false;
    try {
      await accounts.create(user.id, password);
      asked = true;
      const answer = await call.commit([...users.insert(user), ...access.enrol(user, now), codes.ask(code)], {
        data: viewOf(user),
        version: user.version,
      });
      // Another call with the same key was first, and this is its answer.
      if (answer.data?.id !== user.id) await undo();
      return answer;
    } catch (error) {
      if (!(asked && isUnavailable(error))) await undo();
      throw error;
    }
  };
