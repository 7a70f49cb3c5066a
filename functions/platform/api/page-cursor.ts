import { invalidCursor, readListCursor, writeListCursor } from './list-cursor.ts';

/** Where a page begins, and what the first one counted: a page behind it costs what it holds, so it counts nothing anew. */
export interface PageStart {
  from: string;
  skip: number;
  total: number;
  capped: boolean;
}

/** A position may hold a name, and a name U+2028, which a plain dot takes for the end of a line. */
const form = /^(\d{1,4})(\+?) (\d{1,4}) (.+)$/s;

/** `list` names filters and order: a cursor of another list is refused. */
export const writePageCursor = (list: string, { from, skip, total, capped }: PageStart): string =>
  writeListCursor(list, `${total}${capped ? '+' : ''} ${skip} ${from}`);

/** `position` is what a position of this list looks like. */
export function readPageCursor(list: string, cursor: string, position: RegExp): PageStart {
  const match = form.exec(readListCursor(list, cursor));
  const [, total, plus, skip, from = ''] = match ?? [];
  if (match === null || !position.test(from)) throw invalidCursor();
  return { from, skip: Number(skip), total: Number(total), capped: plus === '+' };
}
