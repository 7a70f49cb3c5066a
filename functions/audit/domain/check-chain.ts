import type { AuditLog, BreakKind, ChainBreak } from '../../../contracts/audit/routes.ts';
import { hashRow, idOf, type Partition, type Position, timeOf } from './audit-row.ts';
import { type Block, type Head, hashBlock } from './chain.ts';
import { dayOf } from './digest.ts';

/** The last block that was looked at: number 0 before the first. */
export interface Tail {
  seq: number;
  hash: string;
}

interface Place {
  block?: number | undefined;
  position?: Position | undefined;
}

export const breakAt = ({ scope, month }: Partition, kind: BreakKind, { block, position }: Place = {}): ChainBreak => ({
  kind,
  scope_id: scope,
  month,
  block: block ?? null,
  row_id: position === undefined ? null : idOf(position),
  created_at: position === undefined ? null : timeOf(position),
});

/** What is wrong with blocks as links of the chain, `tail` being the one before the first of them. */
export function checkBlocks(partition: Partition, tail: Tail, blocks: readonly Block[]): ChainBreak[] {
  const breaks: ChainBreak[] = [];
  let { seq, hash } = tail;
  for (const block of blocks) {
    const isNext = block.seq === seq + 1;
    if (!isNext) breaks.push(breakAt(partition, 'deleted', { block: seq + 1 }));
    if (hashBlock(block) !== block.hash) {
      const standsElsewhere = blocks.some((other) => hashBlock({ ...block, seq: other.seq }) === block.hash);
      breaks.push(breakAt(partition, standsElsewhere ? 'reordered' : 'edited', { block: block.seq }));
    }
    // A month's first block is tied to another month's, which is looked up.
    else if (isNext && seq > 0 && block.prev !== hash) breaks.push(breakAt(partition, 'edited', { block: block.seq }));
    ({ seq, hash } = block);
  }
  return breaks;
}

/** The month's first block records the hash of a block of an earlier month; `tied` is what lies there now. */
export function checkTie(first: Block, tied: Block | undefined): ChainBreak[] {
  if (first.tie === null || tied?.hash === first.prev) return [];
  const partition = { scope: first.scope, month: first.tie.month };
  return [breakAt(partition, tied === undefined ? 'truncated' : 'edited', { block: first.tie.seq })];
}

/** What is wrong at the end: `tail` is the last block there is, `head` was read after it. */
export function checkEnd(partition: Partition, tail: Tail, head: Head | undefined): ChainBreak[] {
  if (head === undefined) return tail.seq === 0 ? [] : [breakAt(partition, 'truncated', { block: tail.seq })];
  if (head.seq > tail.seq) return [breakAt(partition, 'truncated', { block: tail.seq + 1 })];
  if (head.seq < tail.seq || head.hash !== tail.hash) return [breakAt(partition, 'edited', { block: tail.seq })];
  return [];
}

/** Rows as they lie in the table, by position; `null` for what is no row. */
export type Lying = ReadonlyMap<Position, AuditLog | null>;

/** What became of the rows that blocks recorded. Those of `expired` days may be gone, though not changed. */
export function checkRows(
  partition: Partition,
  blocks: readonly Block[],
  lying: Lying,
  expired: ReadonlySet<string> = new Set(),
): ChainBreak[] {
  const recorded = new Set(blocks.flatMap(({ links }) => links.map(({ hash }) => hash)));
  const hashes = new Map([...lying].map(([position, row]) => [position, row && hashRow(row)]));
  const present = new Set(hashes.values());
  return blocks.flatMap((block) =>
    block.links.flatMap(({ position, hash }) => {
      const found = hashes.get(position);
      if (found === hash) return [];
      // A recorded row that stands in another place has changed places.
      const moved = present.has(hash) || (found != null && recorded.has(found));
      if (found === undefined && !moved && expired.has(dayOf(position))) return [];
      const kind = moved ? 'reordered' : found === undefined ? 'deleted' : 'edited';
      return [breakAt(partition, kind, { block: block.seq, position })];
    }),
  );
}
