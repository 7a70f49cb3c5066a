import type { AuditLog } from '../../../contracts/audit/routes.ts';
import type { Position } from '../domain/audit-row.ts';
import { type ExportJob, everything } from '../domain/export.ts';
import { rowMatcher } from '../domain/row-filter.ts';
import { slices } from '../domain/slices.ts';
import type { AuditStores, Stretch } from '../ports.ts';

/** Some rows of an export, in order. */
export interface ExportPiece {
  rows: AuditLog[];
  /** Rows that were read for it. */
  read: number;
  /** Reading goes on strictly behind it; undefined where a stretch of work can't end. */
  reached: Position | undefined;
}

/** Eight requests of 100 rows. */
const rowsAtOnce = { each: 100, all: 800 };
const wanted = 5_000;

/** The rows that an export holds, oldest first, from where it has come to. */
export async function* exportRows(
  { rows, index }: Pick<AuditStores, 'rows' | 'index'>,
  { scope, filter, from, start, end }: ExportJob,
): AsyncGenerator<ExportPiece> {
  const stretch: Stretch = { direction: 'asc', from, start, end, wanted };
  const matches = rowMatcher(filter);
  const now = new Date(end);
  if (scope !== everything) {
    for await (const { entries, reached } of rows.read(scope, stretch, now))
      yield { rows: entries.flatMap(({ row }) => (matches(row) ? [row] : [])), read: entries.length, reached };
    return;
  }
  for await (const { entries, reached } of index.read(stretch, now)) {
    for (const places of slices(entries.filter(matches), rowsAtOnce.all)) {
      const found = await Promise.all(slices(places, rowsAtOnce.each).map((some) => rows.find(some)));
      yield { rows: found.flat(), read: 0, reached: undefined };
    }
    yield { rows: [], read: entries.length, reached };
  }
}
