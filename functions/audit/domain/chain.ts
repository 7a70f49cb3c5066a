import { createHash } from 'node:crypto';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { hashRow, newer, type Partition, type Position, positionOf } from './audit-row.ts';

/** A row as a block records it. */
export interface Link {
  position: Position;
  hash: string;
}

/** A block of an earlier month of the same scope, to which a month's first block is tied: a month can't vanish whole. */
export interface Tie {
  month: string;
  seq: number;
}

/** What one batch added to a partition's chain. Numbers begin at 1. */
export interface Block extends Partition {
  seq: number;
  /** The hash of the block before it; of a month's first block, that of the block it is tied to, or `''`. */
  prev: string;
  tie: Tie | null;
  links: readonly Link[];
  /** The newest position in this block and all before it. Below an older one no row of a newer position can be. */
  newest: Position;
  hash: string;
}

/** Where a partition's chain ends. */
export interface Head extends Partition {
  seq: number;
  hash: string;
  newest: Position;
  /** Rows in all blocks. */
  rows: number;
}

export function hashBlock(block: Omit<Block, 'hash'>): string {
  const { scope, month, seq, prev, tie, links, newest } = block;
  const recorded = links.map(({ position, hash }) => [position, hash]);
  const fields = ['block-1', scope, month, seq, prev, tie && [tie.month, tie.seq], recorded, newest];
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
}

/** The block that these rows of a partition make behind its head, in order of time; `earlier` is the head of the scope's last month before. */
export function nextBlock(
  partition: Partition,
  head: Head | undefined,
  earlier: Head | undefined,
  rows: readonly AuditLog[],
): Block {
  const links = rows
    .map((row) => ({ position: positionOf(row), hash: hashRow(row) }))
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const tied = head === undefined ? earlier : undefined;
  const body = {
    scope: partition.scope,
    month: partition.month,
    seq: (head?.seq ?? 0) + 1,
    prev: head?.hash ?? tied?.hash ?? '',
    tie: tied === undefined ? null : { month: tied.month, seq: tied.seq },
    links,
    newest: links.reduce((newest, { position }) => newer(newest, position), head?.newest ?? ''),
  };
  return { ...body, hash: hashBlock(body) };
}

export const headAfter = (block: Block, head: Head | undefined): Head => ({
  scope: block.scope,
  month: block.month,
  seq: block.seq,
  hash: block.hash,
  newest: block.newest,
  rows: (head?.rows ?? 0) + block.links.length,
});
