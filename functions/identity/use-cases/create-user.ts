import { conflict, forbidden } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { wishForCode } from '../domain/code.ts';
import { nameOfAddress, newUser, viewOf } from '../domain/user.ts';
import type { AccessStore, AccountRecords, CodeStore, Report, UserStore } from '../ports.ts';
import { withNewAccount } from './with-new-account.ts';

interface CreateUser {
  users: UserStore;
  access: AccessStore;
  codes: CodeStore;
  accounts: AccountRecords;
  report: Report;
}

/** Cognito acts before the table does, so a key is claimed first: of several calls with it one makes an account. */
export const createUser =
  ({ users, access, codes, accounts, report }: CreateUser): UseCase<(typeof userRoutes)['users.create']> =>
  async ({ body }, call) => {
    const { email, password, username, role = 'user' } = body;
    // An admin whom a key made would still be one when the key is revoked.
    if (role === 'admin' && call.caller.keyId !== undefined) throw forbidden('auth.session_only');
    const name = body.name ?? (username === undefined ? nameOfAddress(email) : undefined);
    return call.claimed(async () => {
      if ((await users.findByEmail(email)) !== undefined) throw conflict('user.email_taken');

      const { language, now } = call;
      const user = newUser({ id: call.newId(), username, name, email, role, now });
      const purpose = password === undefined ? 'invite' : 'verify_email';
      const code = wishForCode({ userId: user.id, purpose, nonce: call.newId(), language, now });
      const make = () => accounts.create(user.id, password);
      return withNewAccount({ accounts, report }, user.id, make, () =>
        call.commit([...users.insert(user), ...access.enrol(user, now), codes.ask(code)], {
          data: viewOf(user),
          version: user.version,
        }),
      );
    });
  };
