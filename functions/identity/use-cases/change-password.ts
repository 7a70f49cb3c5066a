import { ApiError, isStale, isUnavailable, unauthorized } from '../../../contracts/errors.ts';
import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { newLease } from '../domain/sessions.ts';
import { replacePassword } from '../domain/user.ts';
import {
  type Accounts,
  type Attempt,
  type AttemptStore,
  LeaseLost,
  type LeaseStore,
  type Report,
  SessionMoved,
  type SessionStore,
  type SignedIn,
  type UserStore,
} from '../ports.ts';
import { locked } from './login.ts';
import { mostTurns } from './most-turns.ts';

interface ChangePassword {
  users: UserStore;
  sessions: Pick<SessionStore, 'load'>;
  leases: LeaseStore;
  attempts: AttemptStore;
  accounts: Accounts;
  report: Report;
}

const wrongPassword = () =>
  new ApiError('VALIDATION_ERROR', 'auth.wrong_password', {
    data: { issues: [{ path: 'body.current_password', message: 'is wrong' }] },
  });

/**
 * Cognito is told before the table, under a lease, as for a reset. Where the table then can't be told, the password that was current is set again: it is at
 * hand here. First the lease is swapped, which only who still holds it can: then the table was not told, nor will it be by a request that is late. If one of
 * these fails, too, or the function dies, the password is the new one, and the timer of the lease ends all sessions (settle-password.ts). No order leaves a
 * session that was begun with the old password after the others were ended.
 */
export const changePassword = (
  dependencies: ChangePassword,
): UseCase<(typeof accountRoutes)['auth.change_password']> => {
  const { users, sessions, leases, attempts, accounts, report } = dependencies;
  const reportFailure = (what: Promise<void>, message: string) =>
    what.catch((error: unknown) => report(message, error));

  /** A wrong one stays counted, as at a login; one that was not judged does not. */
  async function judge(userId: string, password: string, attempt: Attempt): Promise<SignedIn> {
    const release = () => reportFailure(attempts.release(attempt), 'cannot release an attempt to change a password');
    const outcome = await accounts.signIn(userId, password).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    if (outcome.kind === 'signed_in') return outcome;
    if (outcome.kind === 'refused') throw wrongPassword();
    await release();
    throw locked();
  }

  async function settle(lease: string, attempt: Attempt, call: Call) {
    const { userId, sessionId } = call.caller;
    for (let turn = 1; ; turn += 1) {
      const found = await sessions.load(userId);
      const session = found?.access.sessions[sessionId];
      // Signed out meanwhile, or disabled.
      if (found === undefined || session === undefined) throw unauthorized();
      const next = replacePassword(found.user, call.now);
      const ending = leases.endOthers(next, lease, { kept: { id: sessionId, session } });
      try {
        return await call.commit<undefined>([...users.change(found.user, next), ending, attempts.forgive(attempt)], {
          resourceId: userId,
        });
      } catch (error) {
        // The user was changed, or this session refreshed.
        if (!(isStale(error) || error instanceof SessionMoved) || turn === mostTurns) throw error;
      }
    }
  }

  /** After Cognito was told: sets the password back, unless the table has been told, which it answers. */
  async function takeBack(userId: string, lease: string, password: string, call: Call): Promise<boolean> {
    const own = newLease(call.newId(), call.now);
    try {
      await leases.swap(userId, lease, own);
    } catch (error) {
      if (error instanceof LeaseLost && error.settled) return true;
      report('cannot set a password back', error);
      return false;
    }
    const settingBack = accounts.setPassword(userId, password).then(() => leases.end(userId, own, lease));
    await reportFailure(settingBack, 'cannot set a password back');
    return false;
  }

  return async ({ body }, call) => {
    const { userId } = call.caller;
    const user = await users.find(userId);
    if (user === undefined) throw unauthorized();
    const attempt = await attempts.reserve('password', call.address, user.email, call.now, call.newId());
    const { refreshToken } = await judge(userId, body.current_password, attempt);
    // It was begun to judge the password, and nobody has its tokens.
    await reportFailure(accounts.revoke(refreshToken), 'cannot revoke the session that judged a password');

    const lease = newLease(call.newId(), call.now);
    let told = false;
    try {
      await leases.take(user, lease, call.now, 'change');
      told = true;
      await accounts.setPassword(userId, body.new_password);
      return await settle(lease, attempt, call);
    } catch (error) {
      const isDone = told && (await takeBack(userId, lease, body.current_password, call));
      // It had been written, and its answer was lost.
      if (isDone && isUnavailable(error)) return { resourceId: userId };
      await reportFailure(attempts.release(attempt), 'cannot release an attempt to change a password');
      throw error;
    }
  };
};
