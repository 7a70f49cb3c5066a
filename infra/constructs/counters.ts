import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { feedQueue } from './feed-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems, denyAudit } from './table-rights.ts';
import { WorkQueue } from './work-queue.ts';

/** The least that Lambda takes: the counts are one item, and batches at once stand in each other's way. */
const batchesAtOnce = 2;

/** Counts what there is, event by event, so that nobody has to count the table. */
export function addCounters(scope: Construct, stage: Stage, data: Data, alarms: Alarms, bus: EventBus): void {
  const counters = new PlatformFunction(scope, 'counters', stage, { name: 'counters', alarms });
  allowItems(counters, data.table, ['dynamodb:BatchGetItem', 'dynamodb:PutItem'], { partitions: ['COUNTED#*'] });
  allowItems(counters, data.table, 'dynamodb:UpdateItem', { partitions: ['SYSTEM'] });
  denyAudit(counters, data.table);
  const queue = new WorkQueue(scope, 'Counters', {
    settings: stage.settings,
    alarms,
    name: 'counters',
    deadLetters: 'counters-dead',
    consumer: counters,
    batchesAtOnce,
  });
  feedQueue(scope, 'CountersRule', bus, queue, ['thing_counted', 'vm_status_changed'], 'What is counted');
}
