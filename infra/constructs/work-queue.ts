import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeadLetterName } from '../dead-letters.ts';
import { prefixOf, type Settings } from '../settings.ts';
import { type Alarms, fiveMinutes, type Watch } from './alarms.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import type { PlatformFunction } from './platform-function.ts';

export interface WorkQueueProps {
  settings: Settings;
  alarms: Alarms;
  name: string;
  deadLetters: DeadLetterName;
  consumer: PlatformFunction;
  /** Batches that are worked on at once, at least 2; as many as Lambda sees fit unless given. */
  batchesAtOnce?: number;
  /** Times that a message is tried before it waits for a person; 5 unless given. */
  tries?: number;
  /** When a message has waited too long, and what that means, where there is more to say than of any queue. */
  late?: { seconds: number } & Pick<Watch, 'meaning' | 'action' | 'chapter'>;
}

/** What AWS asks for at least: a delivery that Lambda throttles is a try, too. */
const usualTries = 5;

/** What is put back for later is a message of its own, and waits a quarter of an hour at most. */
const usuallyLateSeconds = 1_800;

/** A queue of work, the function that does it, and its dead letters. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly dead: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { settings, alarms, name, deadLetters, consumer, tries = usualTries } = props;
    const timeout = consumer.lambda.timeout ?? Duration.seconds(3);
    this.dead = deadLetterQueue(this, deadLetters, settings, alarms);
    this.queue = new Queue(this, 'Queue', {
      queueName: `${prefixOf(settings)}-${name}`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // AWS asks for six times the consumer's timeout, so that a throttled batch is not delivered twice at once.
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: tries },
    });
    // A try that fails hides the message that long; the next one is not late yet.
    const lateSeconds = Math.max(usuallyLateSeconds, timeout.toSeconds() * 6 * 1.5);
    const {
      seconds,
      meaning = `Work in the queue ${name} has waited for ${lateSeconds / 60} minutes: nothing works it off, or not fast enough.`,
      action = `see whether ${consumer.node.id} fails or is throttled, and how many messages wait.`,
      chapter = 'queue-late',
    } = props.late ?? { seconds: lateSeconds };
    alarms.watch(`${name}-late`, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: fiveMinutes, statistic: 'Maximum' }),
      over: seconds,
      meaning,
      action,
      chapter,
    });
    consumer.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.queue.queueArn]);
    const mapping = new EventSourceMapping(this, 'Source', {
      target: consumer.lambda,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      ...(props.batchesAtOnce !== undefined && { maxConcurrency: props.batchesAtOnce }),
    });
    mapping.node.addDependency(consumer.role);
  }
}
