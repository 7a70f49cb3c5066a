import { v7 as uuidv7 } from 'uuid';
// biome-ignore lint/style/noRestrictedImports: it looks at machines by the workspaces' own credentials
import { openCredential } from '../../credentials/open.ts';
import { openingFromEnv } from '../../platform/crypto/opening-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { stateMachinesFromEnv } from '../../platform/outbox/state-machines-from-env.ts';
import { createWorkQueue } from '../../platform/queues/work-queue.ts';
import { createTable, createTableClient } from '../../platform/table/index.ts';
import { providers } from '../providers/index.ts';
import { createReconcileHandler } from '../reconcile/handle-reconcile.ts';
import { openOnce } from '../reconcile/open-once.ts';
import { startOne } from '../reconcile/start-one.ts';
import { connectVm } from '../steps/connect-vm.ts';
import { holdings } from '../store/holdings.ts';
import { createLifecycleStore } from '../store/lifecycle-store.ts';
import { createObservingStore } from '../store/observing-store.ts';
import { createOrphanStore } from '../store/orphan-store.ts';

const env = readEnv({ TABLE_NAME: 'string', RECONCILE_QUEUE_URL: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });
const open = openCredential({ table, ...openingFromEnv() });

/** The clock's tick, and the looks at the workspaces that it asks for. */
export const handler = createReconcileHandler({
  table,
  store: createObservingStore(table),
  orphans: createOrphanStore(table),
  lifecycle: createLifecycleStore(table, holdings),
  connectAnew: () => connectVm(openOnce(open), providers),
  start: startOne(stateMachinesFromEnv()),
  send: createWorkQueue({ queueUrl: env.RECONCILE_QUEUE_URL }),
  now: () => new Date(),
  newId: uuidv7,
  logger: createLogger(),
});
