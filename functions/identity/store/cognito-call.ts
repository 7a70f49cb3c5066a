import { unavailable } from '../../../contracts/errors.ts';
import { meter } from '../../platform/meter.ts';
import { judge } from '../../platform/retry/failure.ts';
import { beginSeries, type TryOptions } from '../../platform/retry/series.ts';

/** Cognito takes 120 sign-ins and 50 new users a second. A crowd that tried on at once would only stay over that. */
const throttledSeconds = 5;
const throttles = ['TooManyRequestsException', 'LimitExceededException'];

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

/** One call of Cognito, tried again where its answer was lost. SERVICE_UNAVAILABLE where it is over its quota, or not to be reached. */
export async function ask<Output>(send: (options: TryOptions) => Promise<Output>): Promise<Output> {
  const isThrottle = (error: unknown) => throttles.includes(nameOf(error));
  try {
    return await beginSeries().send(
      (options) => {
        meter().add('cognito');
        return send(options);
      },
      (error) => (isThrottle(error) ? 'final' : judge(error)),
    );
  } catch (error) {
    if (isThrottle(error)) throw unavailable(throttledSeconds, error);
    throw error;
  }
}
