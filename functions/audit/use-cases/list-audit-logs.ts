import type { auditRoutes } from '../../../contracts/audit/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { type PageRequest, readPage, type TrailPage } from '../../platform/api/read-page.ts';
import { openPage } from '../../platform/api/stream-page.ts';
import { type Position, placeForm } from '../domain/audit-row.ts';
import { beginningOf, type Filtered, filtersAny, rowMatcher, timeBound } from '../domain/row-filter.ts';
import type { AuditStores, Stretch } from '../ports.ts';
import { assertMayRead } from './may-read.ts';

type Route = (typeof auditRoutes)['audit.list'];

type Stores = Pick<AuditStores, 'rows' | 'index'>;

export interface ListDependencies extends Stores {
  /** How long the table holds rows; 0 is for ever. */
  tableDays: number;
}

export const listAuditLogs =
  ({ rows, index, tableDays }: ListDependencies): UseCase<Route> =>
  async ({ query }, call) => {
    const { workspace_id: workspaceId } = query;
    assertMayRead(workspaceId, call);
    const { from, request, wanted, paginationOf } = openPage('audit-logs', query, placeForm, filtersAny(query));
    const matches = rowMatcher(query);
    const stretch: Stretch = {
      direction: query.sort.direction,
      from,
      start: beginningOf(query.start_time, call.now, tableDays),
      end: timeBound(query.end_time),
      wanted,
    };
    const { page, found } =
      workspaceId === undefined
        ? await readAll({ rows, index }, stretch, request, matches, call.now)
        : await readWorkspace({ rows, index }, workspaceId, stretch, request, matches, call.now);
    return { data: { audit_logs: found, pagination: paginationOf(page) } };
  };

type Matches = (row: Filtered) => boolean;

async function readWorkspace(
  { rows }: Stores,
  workspaceId: string,
  stretch: Stretch,
  request: PageRequest,
  matches: Matches,
  now: Date,
) {
  const page = await readPage(rows.read(workspaceId, stretch, now), request, ({ row }) => matches(row));
  return { page, found: page.entries.map(({ row }) => row) };
}

/** The index chooses, the rows themselves are shown. */
async function readAll({ rows, index }: Stores, stretch: Stretch, request: PageRequest, matches: Matches, now: Date) {
  const page: TrailPage<{ position: Position; scope: string; month: string }> = await readPage(
    index.read(stretch, now),
    request,
    matches,
  );
  return { page, found: await rows.find(page.entries) };
}
