import { ApiError } from '../../../contracts/errors.ts';

/** One sentence for a code that is wrong, has ended or is spent, and for an address that nobody has. */
export const wrongCode = () =>
  new ApiError('VALIDATION_ERROR', 'code.wrong', {
    data: { issues: [{ path: 'body.code', message: 'is wrong or has ended' }] },
  });

/** Whether a write failed because the user was changed meanwhile: then it is read and tried again. */
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.messageKey === 'version.stale';

/** So many changes of one user within a moment are nobody's doing. */
export const mostTurns = 5;
