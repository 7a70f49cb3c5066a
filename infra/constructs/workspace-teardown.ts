import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import { Saga } from './saga.ts';
import type { Stage } from './stage.ts';
import { allowTable } from './table-rights.ts';

/** The workflow that deletes a workspace with all that it holds. It deletes VMs by asking for it, as a member would: it opens no credential. */
export function addWorkspaceTeardown(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const dead = deadLetterQueue(scope, 'workspace-teardown-dead', stage.settings, alarms);
  const steps = new PlatformFunction(scope, 'workspace-teardown-steps', stage, {
    name: 'workspace-teardown',
    alarms,
    deadLetterQueue: dead,
  });
  allowTable(steps, data.table, ['read', 'put', 'update', 'delete', 'check']);
  new Saga(scope, 'workspace-teardown', stage, {
    name: 'workspace-teardown',
    alarms,
    steps: { WorkspaceTeardownArn: steps },
    settledBy: { fn: steps, deadLetters: dead },
  });
}
