/**
 * Options of a client whose calls go through `beginSeries`: one attempt, since the series retries and each try is
 * metered. A failed connection is told apart from a lost answer by its shorter timeout; without `throwOnRequestTimeout`
 * the SDK only warns.
 */
export const singleTry = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, socketTimeout: 1500, throwOnRequestTimeout: true },
};
