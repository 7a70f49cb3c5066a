import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { AccessStore, Accounts, AttemptStore, CodeStore, Report, SessionStore, UserStore } from '../ports.ts';
import { getMe } from './get-me.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';

export interface IdentityDependencies {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  attempts: AttemptStore;
  codes: CodeStore;
  accounts: Accounts;
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
});
