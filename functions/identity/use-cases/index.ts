import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type {
  AccessStore,
  Accounts,
  ApiKeyRemoval,
  AttemptStore,
  CodeStore,
  LeaseStore,
  Report,
  SessionStore,
  UserStore,
} from '../ports.ts';
import { changePassword } from './change-password.ts';
import { checkEmail } from './check-email.ts';
import { forgotPassword } from './forgot-password.ts';
import { getMe } from './get-me.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { resendCode } from './resend-code.ts';
import { resetPassword } from './reset-password.ts';
import { verifyEmail } from './verify-email.ts';

export interface IdentityDependencies {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  leases: LeaseStore;
  attempts: AttemptStore;
  codes: CodeStore;
  apiKeys: ApiKeyRemoval;
  accounts: Accounts;
  adminEmail: string;
  /** 32 random bytes in base64url. */
  newSecret: () => string;
  /** 16 random bytes. */
  newSalt: () => Uint8Array;
  report: Report;
}

export const identityUseCases = (
  dependencies: IdentityDependencies,
): UseCases<typeof identityRoutes & typeof accountRoutes> => ({
  'auth.register': register(dependencies),
  'auth.login': login(dependencies),
  'auth.refresh': refresh(dependencies),
  'auth.logout': logout(dependencies),
  'auth.me': getMe(dependencies),
  'auth.check_email': checkEmail(dependencies),
  'auth.verify_email': verifyEmail(dependencies),
  'auth.resend_code': resendCode(dependencies),
  'auth.forgot_password': forgotPassword(dependencies),
  'auth.reset_password': resetPassword(dependencies),
  'auth.change_password': changePassword(dependencies),
});
