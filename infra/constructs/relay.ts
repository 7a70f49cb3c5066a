import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { type RelayedType, relayedChanges } from '../../contracts/relayed-types.ts';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { PlatformFunction } from './platform-function.ts';
import { sagaArnPrefix } from './saga.ts';
import type { Stage } from './stage.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { WorkQueue } from './work-queue.ts';

/** The entities of which a change of this kind has effects. Audit rows have filters of their own. */
const changing = (change: 'INSERT' | 'MODIFY' | 'REMOVE'): RelayedType[] => {
  const kinds: [string, readonly string[]][] = Object.entries(relayedChanges);
  return kinds
    .filter(([type, changes]) => type !== 'audit' && changes.includes(change))
    .map(([type]) => type as RelayedType);
};

/** The first of the stream's two consumers: what follows from a change, as events and as executions of state machines. */
export function addRelay(scope: Construct, stage: Stage, data: Data, alarms: Alarms, bus: EventBus): void {
  const { settings } = stage;
  const machines = sagaArnPrefix(scope, settings);
  const relay = new PlatformFunction(scope, 'relay', stage, {
    name: 'relay',
    alarms,
    environment: { BUS_NAME: bus.eventBusName, STATE_MACHINE_ARN_PREFIX: machines },
  });
  // What it can't relay it takes up again from here, a few times, before it waits for a person.
  const failures = new WorkQueue(scope, 'RelayFailures', {
    settings,
    alarms,
    name: 'relay-failures',
    deadLetters: 'relay-failures-dead',
    consumer: relay,
  });
  relay.lambda.addEnvironment('RELAY_FAILURES_QUEUE_URL', failures.queue.queueUrl);
  relay.allow(['sqs:SendMessage'], [failures.queue.queueArn]);
  relay.allow(['events:PutEvents'], [bus.eventBusArn]);
  relay.allowAny(
    ['states:StartExecution'],
    `${machines}*`,
    "By name, so that this stack depends on no product's: the stage's own machines",
  );
  new StreamConsumer(relay, 'Stream', {
    fn: relay,
    name: 'relay',
    streamArn: data.streamArn,
    alarms,
    batchSize: 50,
    filters: [
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: changing('INSERT') } } } },
      { eventName: ['MODIFY'], dynamodb: { NewImage: { type: { S: changing('MODIFY') } } } },
      { eventName: ['REMOVE'], dynamodb: { OldImage: { type: { S: changing('REMOVE') } } } },
      // Of audit rows, admins are told of writes and refusals; the many reads need not even arrive.
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['audit'] }, write: { BOOL: [true] } } } },
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['audit'] }, success: { BOOL: [false] } } } },
    ],
  });
}
