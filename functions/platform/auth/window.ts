import type { Allowance } from '../api/exchange.ts';

const hourMs = 3_600_000;

/** Fixed windows of an hour, numbered since 1970. */
export const windowOf = (now: Date) => Math.floor(now.getTime() / hourMs);

export const allowanceOf = (limit: number, used: number, window: number): Allowance => ({
  limit,
  remaining: Math.max(0, limit - used),
  reset: (window + 1) * (hourMs / 1_000),
});
