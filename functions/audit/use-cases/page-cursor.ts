import { invalidCursor, readListCursor, writeListCursor } from '../../platform/api/list-cursor.ts';
import type { Position } from '../domain/audit-row.ts';

/** Where a page begins, and what the first one counted: a page behind it costs what it holds, so it counts nothing anew. */
export interface PageStart {
  from: Position;
  skip: number;
  total: number;
  capped: boolean;
}

const form =
  /^(\d{1,4})(\+?) (\d{1,4}) (\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{3}Z#[\w-]{1,64})?)?)?~?)$/;

/** `list` names filters and order: a cursor of another list is refused. */
export const writePageCursor = (list: string, { from, skip, total, capped }: PageStart): string =>
  writeListCursor(list, `${total}${capped ? '+' : ''} ${skip} ${from}`);

export function readPageCursor(list: string, cursor: string): PageStart {
  const match = form.exec(readListCursor(list, cursor));
  if (match === null) throw invalidCursor();
  const [, total, plus, skip, from = ''] = match;
  return { from, skip: Number(skip), total: Number(total), capped: plus === '+' };
}
