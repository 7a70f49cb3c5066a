import { isStale, unauthorized } from '../../../contracts/errors.ts';
import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { isCode } from '../domain/code.ts';
import { proveAddress, viewOf } from '../domain/user.ts';
import { type AccessStore, CodeMoved, type CodeStore, type UserStore } from '../ports.ts';
import { asFirstAdmin } from './as-first-admin.ts';
import { mostTurns } from './most-turns.ts';
import { wrongCode } from './wrong-code.ts';

interface VerifyEmail {
  users: UserStore;
  access: AccessStore;
  codes: CodeStore;
  adminEmail: string;
}

/**
 * The code is hashed with the address that it was mailed to, and the write holds the version of the user that has that address: one made for an earlier
 * address verifies nothing. A verified address is verified, whatever is shown.
 */
export const verifyEmail =
  ({ users, access, codes, adminEmail }: VerifyEmail): UseCase<(typeof accountRoutes)['auth.verify_email']> =>
  async ({ body }, call) => {
    const { userId } = call.caller;
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const { user, codes: wishes } = await codes.load(userId, ['verify_email']);
      if (user === undefined) throw unauthorized();
      if (user.email_verified) return call.commit([], { data: viewOf(user) });
      const code = wishes.find((wish) => isCode(wish, body.code, user.email, call.now));
      if (code === undefined) {
        await codes.countTry(userId, wishes);
        throw wrongCode();
      }
      try {
        return await asFirstAdmin(proveAddress(user, call.now), adminEmail, (next, isFirst) => {
          const raised = isFirst ? access.found(next, 'principal') : [];
          return call.commit([codes.spend(code), ...users.change(user, next), ...raised], {
            data: viewOf(next),
            resourceId: userId,
          });
        });
      } catch (error) {
        // Spent by another request, which then has verified the address; or superseded, or out of tries.
        if (!(error instanceof CodeMoved || isStale(error))) throw error;
      }
    }
    throw wrongCode();
  };
