import type { Spent } from '../support/http-client.ts';

/** List prices in USD, us-east-1, as AWS published them on 2026-11-01; on-demand, without free tiers. */
export const prices = {
  wcu: 0.625 / 1e6,
  rcu: 0.125 / 1e6,
  kms: 0.03 / 1e4,
  httpRequest: 1.0 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** ARM, 512 MB. */
  lambdaSecond: 0.0000133334 / 2,
  stateTransition: 25 / 1e6,
};

/** What one call costs, its function running for so long; logs, traces and transfer are left out. */
export const costOf = ({ wcu, rcu, kms }: Spent, seconds: number, transitions = 0) =>
  wcu * prices.wcu +
  rcu * prices.rcu +
  kms * prices.kms +
  prices.httpRequest +
  prices.lambdaRequest +
  seconds * prices.lambdaSecond +
  transitions * prices.stateTransition;
