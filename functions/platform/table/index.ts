export { createTable } from './create-table.ts';
export { decodeCursor, encodeCursor } from './cursor.ts';
export { absent, all, equals, exists } from './fragment.ts';
export { key, keyParts, keyPrefix } from './key.ts';
export { createTableClient } from './table-client.ts';
export type { Item, Key, PlainWrite, Query, Table, Write } from './types.ts';
