import type { ChainBreak } from '../../../contracts/audit/routes.ts';
import { type Partition, type Position, timeOf } from '../domain/audit-row.ts';
import type { Block } from '../domain/chain.ts';
import { breakAt, checkBlocks, checkEnd, checkRows, checkTie, type Tail } from '../domain/check-chain.ts';
import type { ArchiveFiles, AuditStores } from '../ports.ts';
import { readRowsOfBlocks, rowsAtOnce } from './read-rows-of-blocks.ts';

type Stores = Pick<AuditStores, 'rows' | 'chain'> & { archive: Pick<ArchiveFiles, 'expiredDays'> };

/** How far the chain of one partition has been looked at. */
export interface Progress extends Tail {
  /** Rows have been read up to here, in order, whether blocks hold them or not. */
  read: Position;
  /** Of the rows older than the horizon: those that lie up to `read`, and of those that blocks hold the ones that lie anywhere. */
  lying: number;
  chained: number;
}

export const noProgress: Progress = { seq: 0, hash: '', read: '', lying: 0, chained: 0 };

export interface Step {
  progress: Progress;
  breaks: ChainBreak[];
  blocks: number;
  rows: number;
  /** The newest row of the chain's head; only at the end. */
  newest?: Position | undefined;
  ended: boolean;
}

/** Twenty full blocks are 220 KB, 55 RCU, and their 2,000 rows 900 KB, 220 RCU, all strongly consistent; 200 of one row each are 60 KB. */
const blocksAtOnce = { least: 10, first: 20, most: 200 };
const rowsWanted = 1_000;

/** How many blocks to take next, going by the rows of those before. */
const blocksFor = ({ blocks, rows }: Pick<Step, 'blocks' | 'rows'>) =>
  blocks === 0
    ? blocksAtOnce.first
    : Math.min(blocksAtOnce.most, Math.max(blocksAtOnce.least, Math.round((rowsWanted * blocks) / Math.max(1, rows))));

/** The next part of a partition's chain, with the rows that it records. Rows made at the horizon or later may still be on their way into it. */
export async function verifyNext(
  stores: Stores,
  partition: Partition,
  progress: Progress,
  horizon: string,
  before: Pick<Step, 'blocks' | 'rows'>,
): Promise<Step> {
  const blocks = await stores.chain.blocks(partition, progress.seq, blocksFor(before));
  return blocks.length > 0
    ? verifyBlocks(stores, partition, progress, horizon, blocks)
    : verifyEnd(stores, partition, progress, horizon);
}

const isOld = (horizon: string) => (position: Position) => timeOf(position) < horizon;

async function verifyBlocks(
  stores: Stores,
  partition: Partition,
  progress: Progress,
  horizon: string,
  blocks: readonly Block[],
): Promise<Step> {
  const { rows, chain, archive } = stores;
  const { positions, lying, passed, read } = await readRowsOfBlocks(rows, partition, blocks, progress.read);
  // Only where rows are missing is it asked which may be: the bucket says so, where nobody can make it up.
  const isWhole = positions.every((position) => lying.has(position));
  const expired = isWhole ? undefined : await archive.expiredDays(partition.month);
  const [first] = blocks;
  const tied =
    first?.seq === 1 && first.tie !== null
      ? checkTie(first, await chain.block({ ...partition, month: first.tie.month }, first.tie.seq))
      : [];
  const last = blocks.at(-1) ?? progress;
  return {
    progress: {
      seq: last.seq,
      hash: last.hash,
      read,
      lying: progress.lying + passed.filter(({ position }) => isOld(horizon)(position)).length,
      chained:
        progress.chained + positions.filter((position) => lying.has(position) && isOld(horizon)(position)).length,
    },
    breaks: [...tied, ...checkBlocks(partition, progress, blocks), ...checkRows(partition, blocks, lying, expired)],
    blocks: blocks.length,
    rows: positions.length,
    ended: false,
  };
}

/** Behind the last block: the head, and rows that no block holds. */
async function verifyEnd(
  { rows, chain }: Stores,
  partition: Partition,
  progress: Progress,
  horizon: string,
): Promise<Step> {
  const rest = await rows.scan(partition, { after: progress.read, to: horizon, limit: rowsAtOnce });
  const lying = progress.lying + rest.length;
  const step = { breaks: [], blocks: 0, rows: 0 };
  if (rest.length === rowsAtOnce) {
    return { ...step, progress: { ...progress, read: rest.at(-1)?.position ?? progress.read, lying }, ended: false };
  }
  const [head] = await chain.heads([partition]);
  // Blocks that were added since the last ones were read.
  if (head !== undefined && head.seq > progress.seq) {
    const added = await chain.blocks(partition, progress.seq, 1);
    if (added.length > 0)
      return { ...step, progress: { ...progress, lying, read: rest.at(-1)?.position ?? progress.read }, ended: false };
  }
  // Behind the newest row of the chain no row is a block's, so it can be named.
  const named = progress.read >= (head?.newest ?? '') ? rest[0]?.position : undefined;
  const unchained = lying > progress.chained ? [breakAt(partition, 'unchained', { position: named })] : [];
  return {
    ...step,
    progress,
    breaks: [...checkEnd(partition, progress, head), ...unchained],
    newest: head?.newest,
    ended: true,
  };
}
