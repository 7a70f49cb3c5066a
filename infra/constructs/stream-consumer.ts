import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, FilterCriteria, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Alarms, fiveMinutes } from './alarms.ts';
import type { PlatformFunction } from './platform-function.ts';
import { allowStream } from './table-rights.ts';

export interface StreamConsumerProps {
  fn: PlatformFunction;
  name: string;
  streamArn: string;
  alarms: Alarms;
  /** Records that match one of them arrive (at most 5). */
  filters: readonly Record<string, unknown>[];
  batchSize: number;
}

const fiveMinutesInMs = 300_000;

/**
 * Feeds a function from the table's stream, in order. A record that the function can't handle it puts aside itself, raw; what it reports as failed
 * after all is tried until it expires (24 h) rather than dropped, and the alarm rings long before.
 */
export class StreamConsumer extends Construct {
  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const { fn, name, streamArn, alarms } = props;
    allowStream(fn, streamArn);
    const mapping = new EventSourceMapping(this, 'Source', {
      target: fn.lambda,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.batchSize,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: props.filters.map((pattern) => FilterCriteria.filter(pattern)),
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // Lambda checks the right to read the stream as the mapping is made.
    mapping.node.addDependency(fn.role);
    alarms.watch(`${name}-behind`, {
      metric: fn.lambda.metric('IteratorAge', { period: fiveMinutes, statistic: 'Maximum' }),
      over: fiveMinutesInMs,
      meaning: `${name} is more than 5 minutes behind the table; after 24 hours changes are lost to it.`,
      action: "read the function's log: a batch that fails again and again stops its shard.",
      chapter: 'stream-behind',
    });
    // A consumer that is not called has no age. Lambda tells of each poll, with 0 where there was nothing to read: a quiet table is no silence, and a mapping
    // that is disabled, or may not read, is.
    alarms.watch(`${name}-stopped`, {
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'PolledEventCount',
        dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
        statistic: Stats.SAMPLE_COUNT,
        period: fiveMinutes,
      }),
      under: 1,
      periods: 3,
      meaning: `${name} has not been asked to read the table's stream for 15 minutes; after 24 hours changes are lost to it.`,
      action: 'see whether its event source mapping is enabled, and what it says of its last result.',
      chapter: 'stream-behind',
    });
  }
}
