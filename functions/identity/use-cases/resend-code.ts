import { conflict, unauthorized } from '../../../contracts/errors.ts';
import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { wishForCode } from '../domain/code.ts';
import { CodeMoved, type CodeStore } from '../ports.ts';

export const resendCode =
  ({ codes }: { codes: CodeStore }): UseCase<(typeof accountRoutes)['auth.resend_code']> =>
  async (_input, call) => {
    const { userId } = call.caller;
    const {
      user,
      codes: [before],
    } = await codes.load(userId, ['verify_email']);
    if (user === undefined) throw unauthorized();
    if (user.email_verified) throw conflict('user.email_verified');
    const { language, now } = call;
    const wish = wishForCode({ userId, purpose: 'verify_email', nonce: call.newId(), language, now }, before);
    try {
      return await call.commit<undefined>([codes.ask(wish, before)], { resourceId: userId });
    } catch (error) {
      // Asked for twice at once: one mail answers both.
      if (error instanceof CodeMoved) return { resourceId: userId };
      throw error;
    }
  };
