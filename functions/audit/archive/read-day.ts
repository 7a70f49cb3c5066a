import type { ChainBreak } from '../../../contracts/audit/routes.ts';
import type { DayProgress } from '../domain/archive.ts';
import type { Partition, Position } from '../domain/audit-row.ts';
import type { Block, Head } from '../domain/chain.ts';
import { breakAt, checkBlocks, checkRows } from '../domain/check-chain.ts';
import { dayOf } from '../domain/digest.ts';
import type { AuditStores, StoredRow } from '../ports.ts';
import { readRowsOfBlocks, rowsAtOnce } from '../use-cases/read-rows-of-blocks.ts';

type Stores = Pick<AuditStores, 'rows' | 'chain'>;

/** Blocks that hold rows of the day, each with those rows, in the chain's order. */
export interface ArchivePiece {
  blocks: { block: Block; rows: StoredRow[] }[];
  breaks: ChainBreak[];
  progress: DayProgress;
}

/** A page of full blocks is 220 KB, their rows 900 KB. */
const blocksAtOnce = 20;

/** Sorts behind every position of a day. */
const endOf = (day: string): Position => `${day}~`;

/**
 * Where the rows of a day begin in a chain: behind the last block before which there can be none, found by halving, since a block says the newest row of all
 * up to it.
 */
async function beginning(chain: Stores['chain'], partition: Partition, day: string, head: Head | undefined) {
  const begin = { scope: partition.scope, read: day, lying: 0, chained: 0 };
  if (head === undefined || head.newest < day) return { ...begin, seq: head?.seq ?? 0, hash: head?.hash ?? '' };
  let before: Pick<Block, 'seq' | 'hash'> = { seq: 0, hash: '' };
  for (let beyond = head.seq; beyond - before.seq > 1; ) {
    const seq = Math.floor((before.seq + beyond) / 2);
    const block = await chain.block(partition, seq);
    if (block === undefined || block.newest < day) before = block ?? { seq, hash: '' };
    else beyond = seq;
  }
  return { ...begin, seq: before.seq, hash: before.hash };
}

async function readPage({ rows, chain }: Stores, partition: Partition, day: string, progress: DayProgress) {
  const blocks = await chain.blocks(partition, progress.seq, blocksAtOnce);
  const ofDay = blocks.map((block) => ({
    ...block,
    links: block.links.filter(({ position }) => dayOf(position) === day),
  }));
  const { positions, found, lying, passed, read } = await readRowsOfBlocks(rows, partition, ofDay, progress.read);
  const last = blocks.at(-1);
  const piece: ArchivePiece = {
    blocks: ofDay.flatMap(({ links }, at) => {
      const block = blocks[at] as Block;
      return links.length === 0 ? [] : [{ block, rows: links.flatMap(({ position }) => found.get(position) ?? []) }];
    }),
    breaks: [...checkBlocks(partition, progress, blocks), ...checkRows(partition, ofDay, lying)],
    progress: {
      scope: partition.scope,
      seq: last?.seq ?? progress.seq,
      hash: last?.hash ?? progress.hash,
      read,
      lying: progress.lying + passed.length,
      chained: progress.chained + positions.filter((position) => found.has(position)).length,
    },
  };
  return { piece, isLast: blocks.length < blocksAtOnce, passedDay: last !== undefined && dayOf(last.newest) > day };
}

/** The rows of the day that lie behind those that have been read. */
async function readRest(rows: Stores['rows'], partition: Partition, day: string, progress: DayProgress) {
  let { read, lying } = progress;
  for (;;) {
    const rest = await rows.scan(partition, { after: read, to: endOf(day), limit: rowsAtOnce });
    lying += rest.length;
    read = rest.at(-1)?.position ?? read;
    if (rest.length < rowsAtOnce) return { ...progress, read, lying };
  }
}

/**
 * The rows of a day in one chain, with the blocks that hold them. It ends behind the day once every row that lies there is in a block, or at the chain's end:
 * late rows stand in later blocks. What is not as the chain recorded it, or in no block, is told.
 */
export async function* readDay(
  { rows, chain }: Stores,
  partition: Partition,
  day: string,
  head: Head | undefined,
  from: DayProgress | undefined,
): AsyncGenerator<ArchivePiece> {
  let progress = from ?? (await beginning(chain, partition, day, head));
  for (;;) {
    const { piece, isLast, passedDay } = await readPage({ rows, chain }, partition, day, progress);
    if (!isLast && !passedDay) {
      progress = piece.progress;
      yield piece;
      continue;
    }
    progress = await readRest(rows, partition, day, piece.progress);
    const unchained = progress.lying > progress.chained;
    const ended = isLast || !unchained;
    const breaks = ended && unchained ? [...piece.breaks, breakAt(partition, 'unchained')] : piece.breaks;
    yield { ...piece, breaks, progress };
    if (ended) return;
  }
}
