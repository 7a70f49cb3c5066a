import { ApiError } from '../../../contracts/errors.ts';

/** UNAUTHORIZED as any other; but the pool signed it, so whoever shows it guesses nothing. */
export class ExpiredToken extends ApiError {
  constructor(cause: unknown) {
    super('UNAUTHORIZED', 'auth.required', { cause });
  }
}
