import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { callEvery } from './clock.ts';
import { allowDecrypt } from './credential-rights.ts';
import type { Data } from './data.ts';
import { PlatformFunction } from './platform-function.ts';
import { sagaArnPrefix } from './saga.ts';
import type { Stage } from './stage.ts';
import { allowTable } from './table-rights.ts';
import { WorkQueue } from './work-queue.ts';

/** Minutes between two looks at every machine. */
const tickMinutes = 5;
/** Batches of ten workspaces that are looked at at once: 1,000 of them within a tick, and no more of the account's functions than this. */
const batchesAtOnce = 10;

/** The next tick is another try, and a look that is three quarters of an hour late is none. */
const tries = 3;

/** A busy VM is looked at again by a message that is sent up to 15 minutes ahead; a tick's own wait for seconds. */
const longestWaitSeconds = 1_800;

/** Compares VMs with the machines that their clouds have: a tick sends a message a workspace, and the same function looks after each. */
export function addReconciler(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const { settings } = stage;
  const machines = sagaArnPrefix(scope, settings);
  const reconcile = new PlatformFunction(scope, 'reconcile', stage, {
    name: 'reconcile',
    alarms,
    environment: { STATE_MACHINE_ARN_PREFIX: machines },
  });
  allowTable(reconcile, data.table, ['read', 'put', 'update', 'delete']);
  allowDecrypt(reconcile, data);
  reconcile.allow(['states:StartExecution'], [`${machines}vm-lifecycle`]);
  const { queue } = new WorkQueue(scope, 'Reconcile', {
    settings,
    alarms,
    name: 'reconcile',
    deadLetters: 'reconcile-dead',
    consumer: reconcile,
    batchesAtOnce,
    tries,
    late: {
      seconds: longestWaitSeconds,
      meaning: 'Workspaces wait for half an hour to be looked at: what their VMs’ records say may be as old.',
      action: 'see whether reconcile fails or is throttled, and how many workspaces have VMs.',
      chapter: 'reconciler-late',
    },
  });
  reconcile.lambda.addEnvironment('RECONCILE_QUEUE_URL', queue.queueUrl);
  reconcile.allow(['sqs:SendMessage'], [queue.queueArn]);
  callEvery(reconcile, tickMinutes, {
    name: 'reconcile',
    alarms,
    enabled: settings.reconcile,
    hasOtherCallers: true,
  });
}
