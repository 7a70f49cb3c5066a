import { lateRowDays } from '../../../contracts/audit/limits.ts';
import { itemsOf } from './backup-file.ts';
import type { Attributes } from './item.ts';
import { isAuditRow } from './kinds.ts';

const prefixes = { row: 'AUDIT#', chain: 'AUDITCHAIN#' };

/** `<scope>#<month>#<position>`, of a row and of a block's link to it. */
const nameOfRow = ({ pk, sk }: Attributes) => `${pk?.S?.slice(prefixes.row.length)}#${sk?.S}`;

function namesInBlock({ pk, sk, links }: Attributes): string[] {
  const [, month = ''] = sk?.S?.split('#') ?? [];
  const scope = pk?.S?.slice(prefixes.chain.length);
  // A link is `<position> <hash>`.
  return (links?.L ?? []).map(({ S = '' }) => `${scope}#${month}#${S.split(' ')[0]}`);
}

const isBlock = ({ pk, sk }: Attributes) =>
  pk?.S?.startsWith(prefixes.chain) === true && sk?.S?.startsWith('BLOCK#') === true;

/**
 * Tells the audit rows of a backup that no block of it holds: those of the last seconds before it was written, and those that waited among what had failed.
 * Whoever imports them has to let the chain take them, or their days are never sound.
 */
export async function unchainedRows(file: string): Promise<(item: Attributes) => boolean> {
  let newest = 0;
  for await (const item of itemsOf(file)) {
    if (isAuditRow(item)) newest = Math.max(newest, Date.parse(item['sk']?.S?.slice(0, 10) ?? '') || 0);
  }
  // An older one without a block is lost to its chain.
  const from = new Date(newest - lateRowDays * 86_400_000).toISOString();
  const isLate = (position: string) => position >= from;
  const chained = new Set<string>();
  for await (const item of itemsOf(file)) {
    if (!isBlock(item) || !isLate(item['newest']?.S ?? '')) continue;
    for (const name of namesInBlock(item)) chained.add(name);
  }
  return (item) => isAuditRow(item) && isLate(item['sk']?.S ?? '') && !chained.has(nameOfRow(item));
}
