import { type PageStart, readPageCursor as readCursor } from '../../platform/api/page-cursor.ts';

export { writePageCursor } from '../../platform/api/page-cursor.ts';

const position = /^\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{3}Z#[\w-]{1,64})?)?)?~?$/;

export const readPageCursor = (list: string, cursor: string): PageStart => readCursor(list, cursor, position);
