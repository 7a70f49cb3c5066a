import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { newer } from './audit-row.ts';
import { heldFrom } from './days.ts';

const lists = ['user_id', 'action', 'resource', 'resource_id'] as const;

/** A row matches if, for each list that is given, its field is one of the values. */
export type RowFilter = { [Field in (typeof lists)[number]]?: string[] | undefined } & {
  success?: boolean | undefined;
};

export type Filtered = Pick<AuditLog, (typeof lists)[number] | 'success'>;

/** Without what does not filter rows, and without what is undefined. */
export function rowFilterOf(query: RowFilter): RowFilter {
  const named = lists.flatMap((field) => (query[field] === undefined ? [] : [[field, query[field]] as const]));
  return { ...Object.fromEntries(named), ...(query.success !== undefined && { success: query.success }) };
}

export const filtersAny = (filter: RowFilter) => Object.keys(rowFilterOf(filter)).length > 0;

export function rowMatcher(filter: RowFilter): (row: Filtered) => boolean {
  const wanted = lists.flatMap((field) =>
    filter[field] === undefined ? [] : [{ field, values: new Set<string | null>(filter[field]) }],
  );
  const { success } = filter;
  return (row) =>
    wanted.every(({ field, values }) => values.has(row[field])) && (success === undefined || row.success === success);
}

/** A time zone can push a time beyond the four digits of years, where text no longer sorts as time does. */
export const timeBound = (time: string | undefined) =>
  time?.replace(/^\+.*/, '9999-12-31T23:59:59.999Z').replace(/^-.*/, '0000-01-01T00:00:00.000Z');

/** From when rows are wanted: no further back than the table is to hold them, so that what is being deleted there is neither shown nor counted. */
export function beginningOf(startTime: string | undefined, now: Date, tableDays: number): string | undefined {
  const held = heldFrom(now, tableDays);
  const start = timeBound(startTime);
  return held === undefined ? start : newer(held, start ?? '');
}
