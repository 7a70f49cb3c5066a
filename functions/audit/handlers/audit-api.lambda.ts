import { auditRoutes } from '../../../contracts/audit/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { bucketFromEnv } from '../../platform/objects/index.ts';
import { createAnchorStore } from '../store/anchor-store.ts';
import { createArchiveFiles } from '../store/archive-files.ts';
import { createArchiveNotes } from '../store/archive-notes.ts';
import { createChainStore } from '../store/chain-store.ts';
import { createExportFiles } from '../store/export-files.ts';
import { createExportStore } from '../store/export-store.ts';
import { createIndexStore } from '../store/index-store.ts';
import { createRowStore } from '../store/row-store.ts';
import { auditUseCases } from '../use-cases/index.ts';

const env = readEnv({ ANCHOR_BUCKET: 'string', EXPORT_BUCKET: 'string', AUDIT_TABLE_DAYS: Number });
const dependencies = apiDependenciesFromEnv();
const { table } = dependencies;
const anchors = bucketFromEnv(env.ANCHOR_BUCKET);

const useCases = auditUseCases({
  rows: createRowStore(table),
  index: createIndexStore(table),
  chain: createChainStore(table),
  anchors: createAnchorStore(anchors),
  archive: createArchiveFiles(anchors),
  notes: createArchiveNotes(table),
  tableDays: env.AUDIT_TABLE_DAYS,
  exports: createExportStore(table),
  files: createExportFiles(bucketFromEnv(env.EXPORT_BUCKET)),
  milliseconds: () => performance.now(),
});

export const handler = createApi(auditRoutes, useCases, dependencies);
