import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createEventCounter } from '../count-events.ts';
import { createCountStore } from '../store/count-store.ts';

const env = readEnv({ TABLE_NAME: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

export const handler = createEventCounter({
  counts: createCountStore(table),
  now: () => new Date(),
  log: createLogger(),
});
