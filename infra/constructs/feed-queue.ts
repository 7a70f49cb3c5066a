import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { InternalEventType } from '../../contracts/internal-events.ts';
import type { EventType } from '../../contracts/realtime/events.ts';
import type { WorkQueue } from './work-queue.ts';

/** Events of the bus become work. What the bus can't deliver waits with what could not be handled. */
export function feedQueue(
  scope: Construct,
  id: string,
  eventBus: EventBus,
  { queue, dead }: WorkQueue,
  detailType: (InternalEventType | EventType)[],
  description: string,
): void {
  new Rule(scope, id, {
    eventBus,
    description,
    eventPattern: { source: ['skyclust'], detailType },
    targets: [new SqsQueue(queue, { deadLetterQueue: dead })],
  });
}
