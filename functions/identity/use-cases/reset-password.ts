import { isStale, isUnavailable, stale, unauthorized } from '../../../contracts/errors.ts';
import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { type Code, isCode } from '../domain/code.ts';
import { newLease } from '../domain/sessions.ts';
import { proveAddress, type User } from '../domain/user.ts';
import {
  type AccessStore,
  type Accounts,
  type ApiKeyRemoval,
  type Attempt,
  type AttemptStore,
  CodeMoved,
  type CodeStore,
  KeysMoved,
  LeaseLost,
  type LeaseStore,
  type Report,
  type UserStore,
} from '../ports.ts';
import { asFirstAdmin } from './as-first-admin.ts';
import { mostTurns } from './most-turns.ts';
import { wrongCode } from './wrong-code.ts';

interface ResetPassword {
  users: UserStore;
  access: AccessStore;
  leases: LeaseStore;
  attempts: AttemptStore;
  codes: CodeStore;
  apiKeys: ApiKeyRemoval;
  accounts: Accounts;
  adminEmail: string;
  report: Report;
}

const purposes = ['reset_password', 'invite'] as const;

/**
 * Cognito is told before the table, under a lease: sessions that ended first could be begun anew with the old password. What fails on the way leaves the
 * code good, so that sending the request again completes it:
 * - before Cognito is told, nothing has changed;
 * - when it has been told, or may have been, the password may be the new one, which only the holder of the code knows, and the sessions are those of before,
 *   until the request comes again, or the timer of the lease ends them (settle-password.ts);
 * - the table then ends the sessions, spends the code, and counts the replacement in one transaction. A sign-in with the old password that is under way
 *   finds another count than it read, and is refused.
 *
 * Cognito's own sessions end before that transaction: one that is begun after it is not among them.
 *
 * Where the address had never been verified, whoever registered it need not be who reads its mail. The API keys of the account then go with the sessions.
 */
export const resetPassword = (dependencies: ResetPassword): UseCase<(typeof accountRoutes)['auth.reset_password']> => {
  const { users, leases, attempts, codes, apiKeys, accounts, report } = dependencies;

  /** An address that nobody has takes as many trips as a wrong code. */
  async function judge(email: string, typed: string, call: Call): Promise<{ user: User; code: Code }> {
    const found = await users.findByEmail(email);
    const userId = found?.id ?? call.newId();
    const { user, codes: wishes } = await codes.load(userId, purposes);
    const code = user && wishes.find((wish) => isCode(wish, typed, user.email, call.now));
    if (user !== undefined && code !== undefined) return { user, code };
    await codes.countTry(userId, wishes);
    throw wrongCode();
  }

  async function settle(first: User, code: Code, lease: string, attempt: Attempt, call: Call) {
    let user = first;
    // That a stranger made none is taken for granted first, so that a reset reads nothing for it.
    let keys: string[] = [];
    for (let turn = 1; ; turn += 1) {
      const before = user;
      const gone = before.email_verified ? [] : keys;
      try {
        return await asFirstAdmin(
          proveAddress(before, call.now, { newPassword: code.purpose === 'reset_password' }),
          dependencies.adminEmail,
          (next, isFirst) =>
            call.commit<undefined>(
              [
                ...users.change(before, next),
                leases.endOthers(next, lease, before.email_verified ? {} : { keys: gone.length }),
                ...apiKeys.removeAll(next.id, gone),
                ...(isFirst ? dependencies.access.found(next) : []),
                // One that was asked for meanwhile goes, too: the password has been set.
                ...purposes.map((purpose) => codes.drop(next.id, purpose)),
                attempts.forgive(attempt),
              ],
              { resourceId: next.id },
            ),
        );
      } catch (error) {
        const haveKeysMoved = error instanceof KeysMoved;
        if (!(isStale(error) || haveKeysMoved)) throw error;
        if (turn === mostTurns) throw haveKeysMoved ? stale() : error;
        const [changed, found] = await Promise.all([users.find(before.id), apiKeys.ids(before.id)]);
        if (changed === undefined) throw unauthorized();
        user = changed;
        keys = found;
      }
    }
  }

  return async ({ body }, call) => {
    const attempt = await attempts.reserve('code', call.address, body.email, call.now, call.newId());
    const reportTaken = (error: unknown) => report('cannot give back what a reset of a password took', error);
    const giveBack = (what: Promise<void>) => what.catch(reportTaken);
    const { user, code } = await judge(body.email, body.code, call).catch(async (error: unknown) => {
      // Nothing was judged.
      if (isUnavailable(error)) await giveBack(attempts.release(attempt));
      throw error;
    });
    const lease = newLease(call.newId(), call.now);

    try {
      await leases.take(user, lease, call.now, code.purpose, [codes.hold(code)]);
    } catch (error) {
      if (error instanceof CodeMoved) throw wrongCode();
      await giveBack(attempts.release(attempt));
      throw error;
    }
    call.identify(user.id);
    let isTold = false;
    try {
      await accounts.setPassword(user.id, body.new_password);
      isTold = true;
      await accounts
        .revokeAll(user.id)
        .catch((error: unknown) => report('cannot sign out at Cognito who has a new password', error));
      return await settle(user, code, lease, attempt, call);
    } catch (error) {
      // It may have been.
      isTold ||= isUnavailable(error);
      const ending = leases.end(user.id, lease, isTold ? undefined : lease);
      const failure: unknown = await ending.catch((lost: unknown) => lost);
      // It had been written, and its answer was lost.
      if (failure instanceof LeaseLost && failure.settled) return { resourceId: user.id };
      if (failure !== undefined) reportTaken(failure);
      await giveBack(attempts.release(attempt));
      throw error;
    }
  };
};
