import { ApiError, invalid, unauthorized } from '../../../contracts/errors.ts';
import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { Accounts, AttemptStore, Report, SessionStore, UserStore } from '../ports.ts';
import { beginSession } from './begin-session.ts';

interface Login {
  users: UserStore;
  sessions: SessionStore;
  attempts: AttemptStore;
  accounts: Accounts;
  newSecret: () => string;
  report: Report;
}

type Route = (typeof identityRoutes)['auth.login'];

/** `username` is the form's word for the address; JSON has its own, and takes no other fields. */
function readPair(body: InputOf<Route>['body'], isForm: boolean): { email: string; password: string } {
  if ('email' in body) return body;
  if (!isForm) throw invalid([{ path: 'body.username', message: 'is not known here' }]);
  return { email: body.username, password: body.password };
}

/** Cognito does not say how long; its wait doubles from a second, and at our own limit's tenth failure is half a minute. */
const lockedSeconds = 30;
export const locked = () => new ApiError('RATE_LIMITED', 'auth.locked', { retryAfterSeconds: lockedSeconds });

/** Whether the pair has been judged, and found wrong. */
const isJudgement = (error: unknown) => error instanceof ApiError && error.code === 'UNAUTHORIZED';

/**
 * An unknown address takes the same steps as a known one, Cognito's judgement of the password too, and gets the same sentence, without an audit row: one wrong
 * pair looks like another. That an address is taken is no secret for all that: `check-email` says so, and Cognito's own lock is of accounts that it has.
 */
export const login =
  ({ users, sessions, attempts, accounts, newSecret, report }: Login): UseCase<Route> =>
  async ({ body }, call) => {
    const { email, password } = readPair(body, call.form);
    const attempt = await attempts.reserve('password', call.address, email, call.now, call.newId());
    try {
      const user = await users.findByEmail(email);
      const outcome = await accounts.signIn(user?.id ?? call.newId(), password);
      if (outcome.kind === 'locked') throw locked();
      if (user === undefined || outcome.kind === 'refused') throw unauthorized('auth.wrong_pair');
      call.identify(user.id);
      if (!user.is_active) throw unauthorized('auth.disabled');
      return await beginSession({ sessions, newSecret }, user, outcome, [attempts.forgive(attempt)], call);
    } catch (error) {
      if (!isJudgement(error))
        await attempts
          .release(attempt)
          .catch((failure: unknown) => report('cannot release a sign-in attempt', failure));
      throw error;
    }
  };
