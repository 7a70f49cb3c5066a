import type { AuditExport, AuditLog, auditRoutes } from '../../../contracts/audit/routes.ts';
import { notFound } from '../../../contracts/errors.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { type ExportJob, everything, isKept, statusAt } from '../domain/export.ts';
import { exportFormats } from '../domain/export-format.ts';
import { beginningOf, rowFilterOf, timeBound } from '../domain/row-filter.ts';
import type { AuditStores, ExportFiles, ExportStore } from '../ports.ts';
import { exportRows } from './export-rows.ts';
import { assertMayRead } from './may-read.ts';

export interface ExportDependencies extends Pick<AuditStores, 'rows' | 'index'> {
  exports: ExportStore;
  files: ExportFiles;
  /** How long the table holds rows; 0 is for ever. */
  tableDays: number;
  /** From any origin. */
  milliseconds: () => number;
}

/** What is exported within the call: 2,000 rows are 0.9 MB. To find them it reads no more than some 5 MB, and for no longer than a caller likes to wait. */
const atOnce = { rows: 2_000, read: 10_000, pieces: 24, milliseconds: 4_000 };

/** The longest that a link is good for; it ends sooner with the function's own credentials. */
const linkSeconds = 900;

function scopeOf(workspaceId: string | undefined, call: Call): string {
  assertMayRead(workspaceId, call);
  return workspaceId ?? everything;
}

/** A link for whoever asks: none is stored. */
async function present(job: ExportJob, files: ExportFiles, now: Date): Promise<AuditExport> {
  const { id, format } = job;
  const status = statusAt(job, now);
  if (status !== 'ready') return { id, status, format, url: null, expires_at: null, rows: null };
  const url = await files.link(job, linkSeconds, now);
  return {
    id,
    status,
    format,
    url,
    expires_at: new Date(now.getTime() + linkSeconds * 1_000).toISOString(),
    rows: job.rows,
  };
}

/** The rows of an export that is small enough to be made at once. */
async function readAtOnce(
  stores: Pick<AuditStores, 'rows' | 'index'>,
  job: ExportJob,
  milliseconds: () => number,
): Promise<AuditLog[] | undefined> {
  const began = milliseconds();
  const found: AuditLog[] = [];
  let [read, pieces] = [0, 0];
  for await (const piece of exportRows(stores, job)) {
    found.push(...piece.rows);
    read += piece.read;
    pieces += 1;
    const isMuch = found.length > atOnce.rows || read > atOnce.read || pieces > atOnce.pieces;
    if (isMuch || milliseconds() - began > atOnce.milliseconds) return undefined;
  }
  return found;
}

export const exportAuditLogs =
  ({
    exports,
    files,
    tableDays,
    milliseconds,
    ...stores
  }: ExportDependencies): UseCase<(typeof auditRoutes)['audit.export']> =>
  async ({ query }, call) => {
    const created_at = call.now.toISOString();
    const end = timeBound(query.end_time);
    const job: ExportJob = {
      id: call.newId(),
      scope: scopeOf(query.workspace_id, call),
      format: query.format,
      filter: rowFilterOf(query),
      start: beginningOf(query.start_time, call.now, tableDays),
      end: end === undefined || end > created_at ? created_at : end,
      status: 'pending',
      rows: 0,
      created_at,
      leg: 1,
    };
    const rows = await readAtOnce(stores, job, milliseconds);
    if (rows === undefined) return call.commit([exports.put(job)], { data: await present(job, files, call.now) });
    const { begin, line } = exportFormats[job.format];
    const body = Buffer.from([begin, ...rows.map(line)].join(''));
    await files.write(job, body);
    const made: ExportJob = { ...job, status: 'ready', rows: rows.length };
    return call.commit([exports.put(made)], { data: await present(made, files, call.now) });
  };

export const readExport =
  ({ exports, files }: ExportDependencies): UseCase<(typeof auditRoutes)['audit.read_export']> =>
  async ({ params, query }, call) => {
    const job = await exports.get(scopeOf(query.workspace_id, call), params.id);
    if (job === undefined || !isKept(job, call.now)) throw notFound();
    return { data: await present(job, files, call.now) };
  };
