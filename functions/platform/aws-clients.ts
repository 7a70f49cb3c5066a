/**
 * The configuration of a client whose calls go through a series of tries (`retry/series.ts`): one attempt, so that each trip
 * is seen, metered and bound. `connectionTimeout` is the shorter, for it proves that nothing was sent. Without
 * `throwOnRequestTimeout` the SDK only warns.
 */
export const singleAttempt = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, socketTimeout: 1500, throwOnRequestTimeout: true },
};
