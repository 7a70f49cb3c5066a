import { ApiError, unavailable } from '../../../contracts/errors.ts';
import { meter } from '../../platform/meter.ts';
import { judge } from '../../platform/retry/failure.ts';
import { beginSeries, type TryOptions } from '../../platform/retry/series.ts';

/** Cognito takes 120 sign-ins and 50 new users a second. A crowd that tried on at once would only stay over that. */
const throttledSeconds = 5;
const overloads = [
  'TooManyRequestsException',
  'LimitExceededException',
  // It tried three times to call our function that takes scopes out of tokens: Lambda is over its own quota.
  'UnexpectedLambdaException',
];

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

const refusals = [
  'InvalidParameterException',
  'NotAuthorizedException',
  'PasswordResetRequiredException',
  'UserNotConfirmedException',
  'UserNotFoundException',
];

/** Under a name of a refusal, too, but about our own set-up: nobody could sign in, and it must show as an error of ours. */
const misconfigured = /secret hash|not enabled|invalid client/i;

/** It was asked and said no: to a password, a token, or to what no password or token is. */
export const isRefusal = (error: unknown): boolean =>
  refusals.includes(nameOf(error)) && !misconfigured.test((error as Error).message);

/** Whether `ask` ended at the quota: nothing was done. */
export const isOverQuota = (error: unknown): boolean => error instanceof ApiError && isOverload(error.cause);

const isOverload = (error: unknown) => overloads.includes(nameOf(error));

/** One call of Cognito, tried again where its answer was lost. SERVICE_UNAVAILABLE where it is over its quota, or not to be reached. */
export async function ask<Output>(send: (options: TryOptions) => Promise<Output>): Promise<Output> {
  try {
    return await beginSeries().send(
      (options) => {
        meter().add('cognito');
        return send(options);
      },
      (error) => (isOverload(error) ? 'final' : judge(error)),
    );
  } catch (error) {
    if (isOverload(error)) throw unavailable(throttledSeconds, error);
    throw error;
  }
}
