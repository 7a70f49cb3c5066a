import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DeadLetterName } from '../dead-letters.ts';
import { prefixOf, type Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
import { type Alarms, fiveMinutes } from './alarms.ts';

/** Where something waits for a person: kept for 14 days, the longest that SQS can, and alarmed from the first message on. */
export function deadLetterQueue(scope: Construct, name: DeadLetterName, settings: Settings, alarms: Alarms): Queue {
  const queue = new Queue(scope, name, {
    queueName: `${prefixOf(settings)}-${name}`,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  acknowledge(queue, { SQS3: 'It is the end of the line itself' });
  alarms.watch(name, {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: 'Maximum' }),
    over: 0,
    meaning: 'Something could not be handled and waits; it is lost after 14 days.',
    action: `read the function's log, mend the cause, then npm run redrive ${name}.`,
    chapter: 'dead-letters',
  });
  return queue;
}
