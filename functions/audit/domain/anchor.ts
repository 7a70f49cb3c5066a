import { createHash } from 'node:crypto';
import type { ChainBreak } from '../../../contracts/audit/routes.ts';
import type { Partition } from './audit-row.ts';
import type { Block, Head } from './chain.ts';
import { breakAt } from './check-chain.ts';

/** The anchor before, of the same month or of the one before it. */
export interface AnchorTie {
  key: string;
  sha256: string;
}

/** All heads of a month as they stood at a time, kept where nobody can change them. */
export interface Anchor {
  month: string;
  /** In its month, from 1. */
  number: number;
  at: string;
  previous: AnchorTie | null;
  heads: readonly Head[];
}

/** An anchor, and what the next one says of it. */
export interface FoundAnchor extends Anchor {
  self: AnchorTie;
}

/** An anchor as it lies in the bucket. */
export interface StoredAnchor {
  key: string;
  bytes: Uint8Array;
}

type Line = [scope: string, seq: number, hash: string, rows: number, newest: string];

export const anchorsPrefix = 'anchors/';
export const anchorPrefix = (month: string) => `${anchorsPrefix}${month}/`;
export const anchorKey = ({ month, number }: Pick<Anchor, 'month' | 'number'>) =>
  `${anchorPrefix(month)}${String(number).padStart(6, '0')}.json`;

export const monthOfAnchor = (key: string) => key.slice(anchorsPrefix.length, anchorsPrefix.length + '2026-01'.length);

/** One head a line, in order of scope: a person can read it, and two anchors can be compared line by line. */
export function writeAnchor({ month, number, at, previous, heads }: Anchor): Uint8Array {
  const lines = heads.map(({ scope, seq, hash, rows, newest }): Line => [scope, seq, hash, rows, newest]);
  const head = JSON.stringify({ format: 'anchor-1', month, number, at, previous }).slice(0, -1);
  return Buffer.from(`${head},"heads":[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n]}\n`);
}

/** @throws for what is no anchor: one that can't be read proves nothing, and nobody is told that it does. */
export function readAnchor(stored: StoredAnchor): FoundAnchor {
  const { key, bytes } = stored;
  const { format, month, number, at, previous, heads } = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (format !== 'anchor-1' || !Array.isArray(heads)) throw new Error(`cannot read the anchor ${key}`);
  const headOf = ([scope, seq, hash, rows, newest]: Line): Head => ({ scope, month, seq, hash, rows, newest });
  return { month, number, at, previous, heads: (heads as Line[]).map(headOf), self: tieTo(stored) };
}

export const tieTo = ({ key, bytes }: StoredAnchor): AnchorTie => ({
  key,
  sha256: createHash('sha256').update(bytes).digest('base64url'),
});

/** Where a chain can't have come from what was anchored of it. */
export function checkAnchored(partition: Partition, anchored: Head, block: Block | undefined): ChainBreak[] {
  if (block?.hash === anchored.hash) return [];
  return [breakAt(partition, block === undefined ? 'truncated' : 'edited', { block: anchored.seq })];
}

const byScope = (a: Head, b: Head) => (a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : 0);

const isSame = (a: Head, b: Head | undefined) => a.seq === b?.seq && a.hash === b.hash;

/**
 * What the next anchor holds: heads as they are now, but of a chain that strayed from what was anchored of it, that: else a rollback would be forgotten
 * with the next anchor. `blockAt` is the block in the table that has the number of an anchored head.
 */
export async function nextHeads(
  anchored: readonly Head[],
  now: readonly Head[],
  blockAt: (head: Head) => Promise<Block | undefined>,
): Promise<{ heads: Head[]; changed: boolean; strayed: Head[] }> {
  const before = new Map(anchored.map((head) => [head.scope, head]));
  const current = new Map(now.map((head) => [head.scope, head]));
  const moved = anchored.filter((head) => !isSame(head, current.get(head.scope)));
  const strayed: Head[] = [];
  for (const head of moved) {
    const { seq = 0 } = current.get(head.scope) ?? {};
    const extended = seq > head.seq && checkAnchored(head, head, await blockAt(head)).length === 0;
    if (!extended) strayed.push(head);
  }
  for (const head of strayed) current.set(head.scope, head);
  const heads = [...current.values()].sort(byScope);
  return { heads, changed: heads.some((head) => !isSame(head, before.get(head.scope))), strayed };
}
