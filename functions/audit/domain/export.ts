import type { AuditExport, ExportFormat } from '../../../contracts/audit/routes.ts';
import type { UploadState } from '../../platform/objects/index.ts';
import type { Position } from './audit-row.ts';
import type { RowFilter } from './row-filter.ts';

/** Of one workspace, or of everything. */
export const everything = 'all';

/** What is asked for, and how far it has come. */
export interface ExportJob {
  id: string;
  /** A workspace's id, or `all`. */
  scope: string;
  format: ExportFormat;
  filter: RowFilter;
  /** Rows made before this: those of later calls, this one's too, are not in it. */
  end: string;
  start?: string;
  status: AuditExport['status'];
  rows: number;
  created_at: string;
  /** Which stretch of the work is next, from 1. */
  leg: number;
  /** The last row that the uploaded parts hold, and the upload. */
  from?: Position;
  upload?: UploadState;
}

export const objectKey = ({ id, format }: Pick<ExportJob, 'id' | 'format'>) => `exports/${id}.${format}`;

export const fileName = ({ created_at, format }: Pick<ExportJob, 'created_at' | 'format'>) =>
  `audit-logs-${created_at.slice(0, 19).replaceAll(':', '')}Z.${format}`;
