import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { hashRow, type Position, positionOf } from './audit-row.ts';
import { type Block, hashBlock } from './chain.ts';
import { dayOf } from './digest.ts';

/** A row as it is archived: beside what its hash covers, the API key that called. */
export interface ArchivedRow {
  row: AuditLog;
  keyId?: string | undefined;
}

export const blockLine = ({ scope, month, seq, prev, tie, newest, hash, links }: Block): string => {
  const recorded = links.map((link) => [link.position, link.hash]);
  return `${JSON.stringify({ block: { scope, month, seq, prev, tie, newest, hash, links: recorded } })}\n`;
};

export const rowLine = ({ row, keyId }: ArchivedRow): string =>
  `${JSON.stringify({ row, ...(keyId !== undefined && { key_id: keyId }) })}\n`;

type Line = { block: Omit<Block, 'links'> & { links: [Position, string][] } } | { row: AuditLog };

export interface CheckedPart {
  blocks: Block[];
  rows: AuditLog[];
  /** What does not fit; empty when every block and row is as the chain recorded it. */
  wrong: string[];
}

/**
 * Reads a part and checks it against itself: each block hashes to what it says, and behind it stand its rows of the day, all of them, each as recorded. It
 * takes nothing but its text; that a block is of the chain tells the block behind it, or the month's last anchor.
 */
export function checkPart(day: string, text: string): CheckedPart {
  const checked: CheckedPart = { blocks: [], rows: [], wrong: [] };
  let missing = new Map<Position, string>();
  const endBlock = () => {
    for (const position of missing.keys()) checked.wrong.push(`row ${position} is missing`);
  };
  for (const one of text.split('\n')) {
    if (one === '') continue;
    const line = JSON.parse(one) as Line;
    if ('block' in line) {
      endBlock();
      const links = line.block.links.map(([position, hash]) => ({ position, hash }));
      const block: Block = { ...line.block, links };
      if (hashBlock(block) !== block.hash)
        checked.wrong.push(`block ${block.seq} of ${block.scope} ${block.month} is not what it was`);
      checked.blocks.push(block);
      missing = new Map(line.block.links.filter(([position]) => dayOf(position) === day));
    } else {
      const position = positionOf(line.row);
      if (missing.get(position) !== hashRow(line.row)) checked.wrong.push(`row ${position} is not what it was`);
      missing.delete(position);
      checked.rows.push(line.row);
    }
  }
  endBlock();
  return checked;
}
