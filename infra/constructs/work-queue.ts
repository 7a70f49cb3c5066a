import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeadLetterName } from '../dead-letters.ts';
import { prefixOf, type Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import type { PlatformFunction } from './platform-function.ts';

export interface WorkQueueProps {
  settings: Settings;
  alarms: Alarms;
  name: string;
  deadLetters: DeadLetterName;
  delay?: Duration;
}

/** A queue of work with its dead letters. */
export class WorkQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { settings, alarms, name, deadLetters, delay }: WorkQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: `${prefixOf(settings)}-${name}`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(delay && { deliveryDelay: delay }),
      // AWS: at least 6 times the timeout of the function that consumes it.
      visibilityTimeout: Duration.minutes(2),
      deadLetterQueue: { queue: deadLetterQueue(this, deadLetters, settings, alarms), maxReceiveCount: 3 },
    });
  }

  /** Feeds the function; it reports the messages of a batch that failed. */
  feed(fn: PlatformFunction): void {
    fn.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.queue.queueArn]);
    const mapping = new EventSourceMapping(this, 'Source', {
      target: fn.lambda,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    mapping.node.addDependency(fn.role);
  }
}
