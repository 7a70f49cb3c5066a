import type { auditRoutes } from '../../../contracts/audit/routes.ts';
import { forbidden, invalid } from '../../../contracts/errors.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { Pagination } from '../../../contracts/shared/list.ts';
import { permissionsOf } from '../../../contracts/shared/permissions.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { readCap, readPage, type TrailPage } from '../../platform/api/read-page.ts';
import type { Position } from '../domain/audit-row.ts';
import { beginningOf, type Filtered, filtersAny, rowMatcher, timeBound } from '../domain/row-filter.ts';
import type { AuditStores, Stretch } from '../ports.ts';
import { readPageCursor, writePageCursor } from './page-cursor.ts';

type Route = (typeof auditRoutes)['audit.list'];
type Query = InputOf<Route>['query'];

type Stores = Pick<AuditStores, 'rows' | 'index'>;

export interface ListDependencies extends Stores {
  /** How long the table holds rows; 0 is for ever. */
  tableDays: number;
}

/** Totals are exact to here. */
const countedTo = 1_000;

/** The name of the list that a cursor belongs to: all that chooses and orders its rows. */
const nameOf = ({ limit: _, offset: __, cursor: ___, ...choice }: Query) =>
  `audit-logs ${JSON.stringify(Object.entries(choice).sort())}`;

function startOf(query: Query, list: string) {
  if (query.cursor === undefined) return { from: undefined, skip: query.offset, counted: undefined };
  if (query.offset > 0) throw invalid([{ path: 'query.offset', message: 'does not go with a cursor' }]);
  const { from, skip, total, capped } = readPageCursor(list, query.cursor);
  return { from, skip, counted: { total, capped } };
}

export const listAuditLogs =
  ({ rows, index, tableDays }: ListDependencies): UseCase<Route> =>
  async ({ query }, call) => {
    const { workspace_id: workspaceId, limit, offset } = query;
    if (workspaceId === undefined && !permissionsOf(call.caller.role).includes('audit:read')) throw forbidden();
    const list = nameOf(query);
    const { from, skip, counted } = startOf(query, list);
    const matches = rowMatcher(query);
    const request = { limit, skip, countTo: counted === undefined ? countedTo + 1 : 0 };
    const stretch: Stretch = {
      direction: query.sort.direction,
      from,
      start: beginningOf(query.start_time, call.now, tableDays),
      end: timeBound(query.end_time),
      // Of what a filter passes nothing is known, so then it is read in large pieces.
      wanted: filtersAny(query) ? readCap.entries : Math.max(skip + limit + 1, request.countTo),
    };
    const { page, found } =
      workspaceId === undefined
        ? await readAll({ rows, index }, stretch, request, matches, call.now)
        : await readWorkspace({ rows, index }, workspaceId, stretch, request, matches, call.now);
    const total = counted ?? totalOf(page);
    const next = page.next && writePageCursor(list, { from: page.next.position, skip: page.next.skip, ...total });
    const pagination: Pagination = {
      limit,
      offset,
      total: total.total,
      has_next: next !== undefined,
      has_prev: from !== undefined || offset > 0,
      next_cursor: next ?? null,
      ...(total.capped && { total_capped: true }),
    };
    return { data: { audit_logs: found, pagination } };
  };

const totalOf = ({ matched, ended }: TrailPage<unknown>) => ({
  total: Math.min(matched, countedTo),
  capped: !ended || matched > countedTo,
});

type Request = Parameters<typeof readPage>[1];
type Matches = (row: Filtered) => boolean;

async function readWorkspace(
  { rows }: Stores,
  workspaceId: string,
  stretch: Stretch,
  request: Request,
  matches: Matches,
  now: Date,
) {
  const page = await readPage(rows.read(workspaceId, stretch, now), request, ({ row }) => matches(row));
  return { page, found: page.entries.map(({ row }) => row) };
}

/** The index chooses, the rows themselves are shown. */
async function readAll({ rows, index }: Stores, stretch: Stretch, request: Request, matches: Matches, now: Date) {
  const page: TrailPage<{ position: Position; scope: string; month: string }> = await readPage(
    index.read(stretch, now),
    request,
    matches,
  );
  return { page, found: await rows.find(page.entries) };
}
