import { ApiError } from '../../../contracts/errors.ts';

/** Whether a write failed because the user was changed meanwhile: then it is read and tried again. */
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.messageKey === 'version.stale';

/** So many changes of one user within a moment are nobody's doing. */
export const mostTurns = 5;
