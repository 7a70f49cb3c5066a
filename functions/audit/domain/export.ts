import type { AuditExport, ExportFormat } from '../../../contracts/audit/routes.ts';
import type { Position } from './audit-row.ts';
import type { RowFilter } from './row-filter.ts';

/** The scope of an export of all rows; that of a workspace's is its id. */
export const everything = 'all';

/** What a file that is sent in parts takes to go on with. */
export interface UploadState {
  uploadId: string;
  tags: string[];
}

/** What is asked for, and how far it has come. */
export interface ExportJob {
  id: string;
  scope: string;
  format: ExportFormat;
  filter: RowFilter;
  start?: string | undefined;
  /** Rows made before this: those of later calls, its own too, are not in it. */
  end: string;
  status: 'pending' | 'ready';
  rows: number;
  created_at: string;
  /** Which stretch of the work is next, from 1. */
  leg: number;
  /** Behind which row the next stretch begins, what has been uploaded of the others, and where what lies beside that is. */
  from?: Position | undefined;
  upload?: UploadState | undefined;
  rest?: string | undefined;
}

/** 1,000,000 rows take some minutes. What is not there by then never will be. */
const patienceMs = 3_600_000;

export const statusAt = ({ status, created_at }: ExportJob, now: Date): AuditExport['status'] =>
  status === 'pending' && now.getTime() - Date.parse(created_at) > patienceMs ? 'failed' : status;

/** As long as the bucket keeps the file. */
export const keptSeconds = 7 * 86_400;

/** An expired item may lie in the table for days, when its file is gone. */
export const isKept = ({ created_at }: ExportJob, now: Date): boolean =>
  now.getTime() - Date.parse(created_at) < keptSeconds * 1_000;

export const objectKey = ({ id, format }: Pick<ExportJob, 'id' | 'format'>) => `exports/${id}.${format}`;
/**
 * What a stretch of work leaves to the next, being too small for a part. Stretches end by the clock, so a second delivery of one leaves something else: each
 * run has a key of its own, and the one that the job names is that of the run which was first.
 */
export const restKey = ({ id, leg }: Pick<ExportJob, 'id' | 'leg'>, run: string) => `exports/${id}.${leg}-${run}.rest`;

export const fileName = ({ created_at, format }: Pick<ExportJob, 'created_at' | 'format'>) =>
  `audit-logs-${created_at.slice(0, 19).replaceAll(':', '')}Z.${format}`;
