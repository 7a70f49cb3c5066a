import { all, equals } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import { type ExportJob, keptSeconds } from '../domain/export.ts';
import type { ExportStore } from '../ports.ts';

const exportKey = (scope: string, id: string) => ({ pk: key('EXPORT', scope), sk: id });

/** The stream tells of those alone that are still to be made. */
const toItem = (job: ExportJob): Item => ({
  ...exportKey(job.scope, job.id),
  ...(job.status === 'pending' && { type: 'export' }),
  job: JSON.stringify(job),
  scope: job.scope,
  id: job.id,
  status: job.status,
  leg: job.leg,
  ttl: Math.floor(Date.parse(job.created_at) / 1_000) + keptSeconds,
});

/** Of the version before, the job says whether there is a rest: at one key. */
function readJob(text: string): ExportJob {
  const job: Omit<ExportJob, 'rest'> & { rest?: ExportJob['rest'] | boolean } = JSON.parse(text);
  const { rest } = job;
  return { ...job, rest: rest === true ? `exports/${job.id}.rest` : rest === false ? undefined : rest };
}

export function createExportStore(table: Table): ExportStore {
  return {
    put: (job) => ({ put: toItem(job) }),
    async get(scope, id) {
      const item = await table.get(exportKey(scope, id));
      return item && readJob(String(item['job']));
    },
    advance(job, leg) {
      const condition = all(equals('status', 'pending'), equals('leg', leg));
      return unlessRefused(table.write({ put: toItem(job), condition, otherwise: refused }));
    },
  };
}
