import { ApiError } from '../../../contracts/errors.ts';

/** One sentence for a code that is wrong, has ended or is spent, and for an address that nobody has. */
export const wrongCode = () =>
  new ApiError('VALIDATION_ERROR', 'code.wrong', {
    data: { issues: [{ path: 'body.code', message: 'is wrong or has ended' }] },
  });
