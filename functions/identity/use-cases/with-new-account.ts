import { isUnavailable } from '../../../contracts/errors.ts';
import type { AccountRecords, Report } from '../ports.ts';

interface Within {
  accounts: Pick<AccountRecords, 'remove'>;
  report: Report;
}

/**
 * Cognito first, then all of ours in one transaction: an account without a user can't do anything, a user without an account could never sign in. What was
 * made at Cognito goes again when that fails, and when the transaction is refused, but not when its outcome is unknown. What is left by that, and by a
 * removal that fails, is for a sweep.
 */
export async function withNewAccount<Made, Result>(
  { accounts, report }: Within,
  id: string,
  make: () => Promise<Made>,
  commit: (made: Made) => Promise<Result>,
): Promise<Result> {
  let isMade = false;
  try {
    const made = await make();
    isMade = true;
    return await commit(made);
  } catch (error) {
    if (!(isMade && isUnavailable(error))) {
      await accounts
        .remove(id)
        .catch((failure: unknown) => report('cannot remove an account that no user came of', failure));
    }
    throw error;
  }
}
