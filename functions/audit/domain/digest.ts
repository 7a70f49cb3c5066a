import { createHash } from 'node:crypto';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { type Partition, type Position, partitionOf, positionOf } from './audit-row.ts';
import { slices } from './slices.ts';

/** What the index of all rows knows of one: where it lies, and what lists filter by. */
export interface IndexEntry extends Partition {
  position: Position;
  user_id: string;
  action: string;
  resource: string;
  resource_id: string | null;
  success: boolean;
}

/**
 * Some rows of one second. Digests of a second may come at any time and overlap, but a digest never holds rows of two: so whoever reads a second's
 * digests whole knows all its rows, and seconds can be read in order.
 */
export interface Digest {
  /** `2026-01-31T09:30:05`. */
  second: string;
  /** Made from the rows, so that a batch that is delivered again writes the same digest. */
  id: string;
  entries: readonly IndexEntry[];
}

/** Keeps a digest at about 6 KB. */
const mostEntries = 100;

export const secondOf = (position: Position) => position.slice(0, 19);
export const dayOf = (position: Position) => position.slice(0, 10);

const entryOf = (row: AuditLog): IndexEntry => ({
  ...partitionOf(row),
  position: positionOf(row),
  user_id: row.user_id,
  action: row.action,
  resource: row.resource,
  resource_id: row.resource_id,
  success: row.success,
});

const byPosition = (a: IndexEntry, b: IndexEntry) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0);

const digestOf = (second: string, entries: readonly IndexEntry[]): Digest => ({
  second,
  id: createHash('sha256')
    .update(entries.map(({ position }) => position).join('\n'))
    .digest('base64url')
    .slice(0, 16),
  entries,
});

export function digestsOf(rows: readonly AuditLog[]): Digest[] {
  const seconds = Map.groupBy(rows.map(entryOf).sort(byPosition), ({ position }) => secondOf(position));
  return [...seconds].flatMap(([second, entries]) =>
    slices(entries, mostEntries).map((slice) => digestOf(second, slice)),
  );
}

/** The rows of a second's digests, each once, in order. */
export function mergeDigests(digests: readonly Digest[]): IndexEntry[] {
  const entries = new Map(digests.flatMap((digest) => digest.entries.map((entry) => [entry.position, entry] as const)));
  return [...entries.values()].sort(byPosition);
}
