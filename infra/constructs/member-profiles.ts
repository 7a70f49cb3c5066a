import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { profileEventTypes } from '../../contracts/internal-events.ts';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems } from './table-rights.ts';

/** Keeps the names and addresses that are copied into member rows up to date. */
export function addMemberProfiles(scope: Construct, stage: Stage, data: Data, alarms: Alarms, bus: EventBus): void {
  const dead = deadLetterQueue(scope, 'member-profiles-dead', stage.settings, alarms);
  const profiles = new PlatformFunction(scope, 'member-profiles', stage, {
    name: 'member-profiles',
    alarms,
    deadLetterQueue: dead,
  });
  allowItems(profiles, data.table, 'dynamodb:GetItem', { partitions: ['USER#*', 'PRINCIPAL#*'] });
  // A workspace's partition holds its credentials and quotas, too.
  allowItems(profiles, data.table, 'dynamodb:UpdateItem', {
    partitions: ['WS#*'],
    attributes: ['pk', 'sk', 'name', 'email', 'profile_version'],
  });
  new Rule(scope, 'ProfilesRule', {
    eventBus: bus,
    description: 'What changes who a member is',
    eventPattern: { source: ['skyclust'], detailType: [...profileEventTypes] },
    targets: [new FunctionTarget(profiles.lambda, { deadLetterQueue: dead })],
  });
}
