import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Alarms } from './alarms.ts';
import type { PlatformFunction } from './platform-function.ts';

/** Minutes of a day. */
export const daily = 1_440;
const nameOf = (minutes: number) => (minutes === 1 ? 'minute' : minutes === daily ? 'day' : `${minutes} minutes`);

/** Lambda keeps what it could not start yet for this long at most. */
const longestWait = 360;

/** A stopped clock makes no error: that nothing happens is what rings. CloudWatch looks back a week, with periods under an hour a day. */
const leastPeriod = 5;
const silentPeriods = (minutes: number) => (minutes === daily ? 2 : 3);

export interface ClockProps {
  name: string;
  enabled: boolean;
  alarms: Alarms;
  /** Something else calls the function, too: only its rule tells whether the clock goes. */
  hasOtherCallers?: true;
}

/**
 * Calls the function each so many minutes. A tick that fails is not repeated and waits nowhere: it carries nothing, and the next one does the same work. The
 * rule's own tries are about reaching Lambda, which repeats by itself what the function fails with.
 */
export function callEvery(fn: PlatformFunction, minutes: number, props: ClockProps): void {
  const { name, enabled, alarms, hasOtherCallers } = props;
  fn.lambda.configureAsyncInvoke({
    retryAttempts: 0,
    maxEventAge: Duration.minutes(Math.min(minutes, longestWait)),
  });
  const rule = new Rule(fn, 'Clock', {
    description: `Calls ${fn.node.id} every ${nameOf(minutes)}`,
    schedule: Schedule.rate(Duration.minutes(minutes)),
    enabled,
    targets: [new FunctionTarget(fn.lambda, { retryAttempts: 0 })],
  });
  if (!enabled) return;
  const period = Duration.minutes(Math.max(minutes, leastPeriod));
  const calls: IMetric = hasOtherCallers
    ? new Metric({
        namespace: 'AWS/Events',
        metricName: 'SuccessfulInvocationAttempts',
        dimensionsMap: { RuleName: rule.ruleName },
        statistic: 'Sum',
        period,
      })
    : fn.lambda.metricInvocations({ period });
  const periods = silentPeriods(minutes);
  alarms.watch(`${name}-clock`, {
    metric: calls,
    under: 1,
    periods,
    meaning: `${name} is to be called every ${nameOf(minutes)}, and was not called at all for ${periods * period.toMinutes()} minutes.`,
    action: `see whether the rule of its clock is enabled, has its target and may call it.`,
    chapter: 'clock-stopped',
  });
}
