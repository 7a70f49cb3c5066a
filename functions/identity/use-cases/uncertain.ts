import { ApiError } from '../../../contracts/errors.ts';

/** Whether a write that failed may have been done all the same: its answer was lost. */
export const isUncertain = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE';
