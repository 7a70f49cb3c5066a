import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { PlatformFunction } from './platform-function.ts';

/** Minutes of a day. */
export const daily = 1_440;
const nameOf = (minutes: number) => (minutes === 1 ? 'minute' : minutes === daily ? 'day' : `${minutes} minutes`);

/** Lambda keeps what it could not start yet for this long at most. */
const longestWait = 360;

/**
 * Calls the function each so many minutes. A tick that fails is not repeated and waits nowhere: it carries nothing, and the next one does the same work. The
 * rule's own tries are about reaching Lambda, which repeats by itself what the function fails with.
 */
export function callEvery(fn: PlatformFunction, minutes: number, { enabled }: { enabled: boolean }): void {
  fn.lambda.configureAsyncInvoke({
    retryAttempts: 0,
    maxEventAge: Duration.minutes(Math.min(minutes, longestWait)),
  });
  new Rule(fn, 'Clock', {
    description: `Calls ${fn.node.id} every ${nameOf(minutes)}`,
    schedule: Schedule.rate(Duration.minutes(minutes)),
    enabled,
    targets: [new FunctionTarget(fn.lambda, { retryAttempts: 0 })],
  });
}
