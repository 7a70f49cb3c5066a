import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { bucketFromEnv } from '../../platform/objects/index.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { type ArchiveWish, archiveRows } from '../archive/archive-rows.ts';
import { createAnchorStore } from '../store/anchor-store.ts';
import { createArchiveFiles } from '../store/archive-files.ts';
import { createArchiveNotes } from '../store/archive-notes.ts';
import { createChainStore } from '../store/chain-store.ts';
import { createIndexStore } from '../store/index-store.ts';
import { createRowExpiry } from '../store/row-expiry.ts';
import { createRowStore } from '../store/row-store.ts';

const env = readEnv({ TABLE_NAME: 'string', ANCHOR_BUCKET: 'string', AUDIT_TABLE_DAYS: Number });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });
const bucket = bucketFromEnv(env.ANCHOR_BUCKET);
const metrics = createMetrics();

const archive = archiveRows({
  rows: createRowStore(table),
  index: createIndexStore(table),
  chain: createChainStore(table),
  anchors: createAnchorStore(bucket),
  files: createArchiveFiles(bucket),
  notes: createArchiveNotes(table),
  expiry: createRowExpiry(table),
  tableDays: env.AUDIT_TABLE_DAYS,
  milliseconds: () => performance.now(),
  log: createLogger(),
});

/** The clock wishes nothing. */
export const handler = async (wish: ArchiveWish): Promise<void> => {
  const { daysBehind, stuck } = await archive(new Date(), wish);
  metrics.addMetric('AuditDaysBehind', MetricUnit.Count, daysBehind);
  metrics.publishStoredMetrics();
  if (stuck.length > 0) throw new Error(`cannot archive late rows of ${stuck.join(', ')}: the days are not sound`);
};
