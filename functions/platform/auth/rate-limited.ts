import { ApiError } from '../../../contracts/errors.ts';
import type { Allowance } from '../api/exchange.ts';

/** RATE_LIMITED with the headers that tell when to come back. */
export class RateLimited extends ApiError {
  readonly allowance: Allowance;

  constructor(allowance: Allowance, retryAfterSeconds: number) {
    super('RATE_LIMITED', 'rate.limited', { retryAfterSeconds });
    this.allowance = allowance;
  }
}

export const rateLimited = (allowance: Allowance, now: Date) =>
  new RateLimited(allowance, Math.max(1, Math.ceil(allowance.reset - now.getTime() / 1_000)));
