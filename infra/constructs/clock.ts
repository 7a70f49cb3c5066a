import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { PlatformFunction } from './platform-function.ts';

/**
 * Calls the function each so many minutes. A tick that fails is not repeated and waits nowhere: it carries nothing, and the next one does the same work.
 */
export function callEvery(fn: PlatformFunction, minutes: number, { enabled }: { enabled: boolean }): void {
  new Rule(fn, 'Clock', {
    description: `Calls ${fn.node.id} every ${minutes === 1 ? 'minute' : `${minutes} minutes`}`,
    schedule: Schedule.rate(Duration.minutes(minutes)),
    enabled,
    targets: [new FunctionTarget(fn.lambda, { retryAttempts: 0 })],
  });
}
