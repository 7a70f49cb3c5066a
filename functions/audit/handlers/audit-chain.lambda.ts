import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createFailedRecords } from '../../platform/outbox/failed-records.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createRowConsumer } from '../chain/consume-rows.ts';
import { createChainStore } from '../store/chain-store.ts';
import { createIndexStore } from '../store/index-store.ts';

const env = readEnv({ TABLE_NAME: 'string', CHAIN_FAILURES_QUEUE_URL: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

export const handler = createRowConsumer({
  chain: createChainStore(table),
  index: createIndexStore(table),
  failedRecords: createFailedRecords({ queueUrl: env.CHAIN_FAILURES_QUEUE_URL }),
  log: createLogger(),
});
