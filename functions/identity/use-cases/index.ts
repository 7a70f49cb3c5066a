import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { AccessStore, Accounts, AttemptStore, Departures, Report, SessionStore, UserStore } from '../ports.ts';
import { deleteUser } from './delete-user.ts';
import { getMe } from './get-me.ts';
import { getUser } from './get-user.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { updateUser } from './update-user.ts';

export interface IdentityDependencies {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  attempts: AttemptStore;
  accounts: Accounts;
  departures: Departures;
  adminEmail: string;
  /** 32 random bytes in base64url. */
  newSecret: () => string;
  /** 16 random bytes. */
  newSalt: () => Uint8Array;
  report: Report;
}

export const identityUseCases = (dependencies: IdentityDependencies): UseCases<typeof identityRoutes> => ({
  'auth.register': register(dependencies),
  'auth.login': login(dependencies),
  'auth.refresh': refresh(dependencies),
  'auth.logout': logout(dependencies),
  'auth.me': getMe(dependencies),
  'users.get': getUser(dependencies),
  'users.update': updateUser(dependencies),
  'users.delete': deleteUser(dependencies),
});
