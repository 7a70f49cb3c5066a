import type { AuditLog, auditRoutes } from '../../../contracts/audit/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { Pagination } from '../../../contracts/shared/list.ts';
import { listAuditLogs } from '../../../functions/audit/use-cases/list-audit-logs.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { adminCall, storesOf } from './verify-all.ts';

type Route = (typeof auditRoutes)['audit.list'];
export type ListQuery = InputOf<Route>['query'];

export interface ListedPage {
  rows: AuditLog[];
  pagination: Pagination;
  rcu: number;
  trips: number;
}

const defaults = { limit: 50, offset: 0, sort: { field: 'created_at', direction: 'desc' } } as const;

export async function listPage(
  table: Table,
  now: Date,
  query: Partial<ListQuery> = {},
  tableDays = 0,
): Promise<ListedPage> {
  return runMetered(async (meter) => {
    const input = { query: { ...defaults, ...query } } as InputOf<Route>;
    const { data } = await listAuditLogs({ ...storesOf(table), tableDays })(input, adminCall(now));
    if (data === undefined) throw new Error('a list answers data');
    return { rows: data.audit_logs, pagination: data.pagination, rcu: meter.read('rcu'), trips: meter.read('trips') };
  });
}

/** All pages by cursor. */
export async function listAll(
  table: Table,
  now: Date,
  query: Partial<ListQuery> = {},
  tableDays = 0,
): Promise<ListedPage[]> {
  const pages: ListedPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPage(
      table,
      now,
      { ...query, ...(cursor !== undefined && { cursor, offset: 0 }) },
      tableDays,
    );
    pages.push(page);
    cursor = page.pagination.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}
