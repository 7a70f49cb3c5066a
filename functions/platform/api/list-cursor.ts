import { decodeCursor, encodeCursor } from '../table/cursor.ts';

export { invalidCursor } from '../table/cursor.ts';

/** For a list that pages by a state of its own rather than by a position of the table; `list` names its filters and order. */
export const writeListCursor = (list: string, state: string): string => encodeCursor(list, { pk: '', sk: state });

/** The state, or a VALIDATION_ERROR for text that is no cursor of this list. Anybody can make one: check what the state says. */
export const readListCursor = (list: string, cursor: string): string => decodeCursor(list, cursor)['sk'] ?? '';
