import { ApiError } from '../../../contracts/errors.ts';
import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { type Code, wishForCode } from '../domain/code.ts';
import { CodeMoved, type CodeStore, NobodyThere, type UserStore } from '../ports.ts';

/** Undefined past the mails of the hour: to say so would say that there is an account. */
function wishIfAllowed(...given: Parameters<typeof wishForCode>): Code | undefined {
  try {
    return wishForCode(...given);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'RATE_LIMITED') return undefined;
    throw error;
  }
}

/**
 * An address that nobody has takes the same steps as a known one: two reads, and one transaction, which holds that its user is there and so comes to
 * nothing. So this route does not tell whether it is taken, as `check-email` does, nor whether its account is disabled: such a one is none. The mail is sent
 * later, by another function.
 */
export const forgotPassword =
  ({ users, codes }: { users: UserStore; codes: CodeStore }): UseCase<(typeof accountRoutes)['auth.forgot_password']> =>
  async ({ body }, call) => {
    const user = await users.findByEmail(body.email);
    const isKnown = user?.is_active === true;
    const userId = isKnown ? user.id : call.newId();
    if (isKnown) call.identify(userId);
    const {
      codes: [before],
    } = await codes.load(userId, ['reset_password']);
    const { language, now } = call;
    const wish = wishIfAllowed({ userId, purpose: 'reset_password', nonce: call.newId(), language, now }, before);
    try {
      const writes = wish === undefined ? [] : [users.present(userId), codes.ask(wish, before)];
      return await call.commit<undefined>(writes, { resourceId: userId });
    } catch (error) {
      // Asked for twice at once: one mail answers both.
      if (error instanceof NobodyThere || error instanceof CodeMoved) return {};
      throw error;
    }
  };
