import { newer, type Partition, type Position } from '../domain/audit-row.ts';
import type { Block } from '../domain/chain.ts';
import type { Lying } from '../domain/check-chain.ts';
import type { AuditRowStore, StoredRow } from '../ports.ts';

/** 2,400 rows are 1.1 MB, 260 RCU, strongly consistent. */
export const rowsAtOnce = 2_400;

export interface RowsOfBlocks {
  /** What the blocks record, in their order. */
  positions: Position[];
  /** Those that lie there: what was passed, and what blocks record out of order. */
  found: Map<Position, StoredRow>;
  /** The same, as they are checked. */
  lying: Lying;
  /** Rows that were read in order, whether these blocks record them or not. */
  passed: StoredRow[];
  /** Rows have been read in order up to here. */
  read: Position;
}

/** The rows that blocks record, and every other one on the way there from `after`, so that one which no block records is met. */
export async function readRowsOfBlocks(
  rows: Pick<AuditRowStore, 'scan' | 'load'>,
  partition: Partition,
  blocks: readonly Pick<Block, 'links'>[],
  after: Position,
): Promise<RowsOfBlocks> {
  const positions = blocks.flatMap(({ links }) => links.map(({ position }) => position));
  const newest = positions.reduce(newer, after);
  const passed = newest > after ? await rows.scan(partition, { after, to: newest, limit: rowsAtOnce }) : [];
  const seen = new Set(passed.map(({ position }) => position));
  // What blocks record out of order: behind what has been read already, or beyond what could be read now.
  const others = await rows.load(
    partition,
    positions.filter((position) => !seen.has(position)),
  );
  const found = new Map([...passed, ...others].map((stored) => [stored.position, stored]));
  return {
    positions,
    found,
    lying: new Map([...found].map(([position, { row }]) => [position, row ?? null])),
    passed,
    read: passed.length < rowsAtOnce ? newest : (passed.at(-1)?.position ?? newest),
  };
}
