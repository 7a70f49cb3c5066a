import { v7 as uuidv7 } from 'uuid';
import type { InternalEventOf } from '../../../contracts/internal-events.ts';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { bucketFromEnv } from '../../platform/objects/index.ts';
import { consumeEvents } from '../../platform/outbox/consume-events.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { runExport } from '../export/run-export.ts';
import { createExportFiles } from '../store/export-files.ts';
import { createExportStore } from '../store/export-store.ts';
import { createIndexStore } from '../store/index-store.ts';
import { createRowStore } from '../store/row-store.ts';

const env = readEnv({ TABLE_NAME: 'string', EXPORT_BUCKET: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

const run = runExport({
  rows: createRowStore(table),
  index: createIndexStore(table),
  exports: createExportStore(table),
  files: createExportFiles(bucketFromEnv(env.EXPORT_BUCKET)),
  newId: uuidv7,
  milliseconds: () => performance.now(),
});

export const handler = consumeEvents<InternalEventOf<'export_due'>>(run, createLogger());
