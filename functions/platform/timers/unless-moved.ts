import { ApiError } from '../../../contracts/errors.ts';
import { unlessRefused } from '../table/refused.ts';

/**
 * False where the timer has fired meanwhile, or what it is of has changed: whoever looks next sees how it is. A VM's own condition that does not hold says
 * so as a CONFLICT.
 */
export const unlessMoved = (work: Promise<unknown>): Promise<boolean> =>
  unlessRefused(work).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 'CONFLICT') return false;
    throw error;
  });
