import { isDeepStrictEqual } from 'node:util';
import type { Attributes } from './attributes.ts';
import { itemBytes } from './item-bytes.ts';

/** One unit writes 1 KB; nothing is free. */
const writeUnits = (bytes: number) => Math.max(1, Math.ceil(bytes / 1024));

/** One unit reads 4 KB, eventually consistent two of them; nothing is free. */
export const readUnits = (bytes: number, consistent: boolean) =>
  Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

/** An item is in the index when it has both of its keys. */
const indexKey = (image: Attributes | undefined) =>
  image?.gsi1pk?.S !== undefined && image.gsi1sk?.S !== undefined ? [image.gsi1pk.S, image.gsi1sk.S] : undefined;

const bytesOf = (image: Attributes | undefined) => (image ? itemBytes(image) : 0);

/** What a write bills the table: by the larger of the item before and after it, and twice that in a transaction. */
export const tableUnits = (before: Attributes | undefined, after: Attributes | undefined, transaction = false) =>
  writeUnits(Math.max(bytesOf(before), bytesOf(after))) * (transaction ? 2 : 1);

/**
 * What a write bills the index, which holds the whole item: one row written or deleted, both when its key changes, none
 * when nothing changes. Index rows follow a transaction later and cost the plain price.
 */
export function indexUnits(before: Attributes | undefined, after: Attributes | undefined): number {
  const [from, to] = [indexKey(before), indexKey(after)];
  if (from && to && isDeepStrictEqual(from, to)) {
    return isDeepStrictEqual(before, after) ? 0 : writeUnits(Math.max(bytesOf(before), bytesOf(after)));
  }
  return (from ? writeUnits(bytesOf(before)) : 0) + (to ? writeUnits(bytesOf(after)) : 0);
}

/**
 * The index's part of an update of which one image is known. It is taken for a change. When the change names the index's
 * keys the other image is unknown: a row in the index counts as moved (at most one row too many, when it was not there
 * before), none as deleted (one too many, when it never was there).
 */
export function indexUnitsOfUpdate(known: Attributes, namesIndexKey: boolean): number {
  const row = writeUnits(bytesOf(known));
  if (indexKey(known)) return namesIndexKey ? 2 * row : row;
  return namesIndexKey ? row : 0;
}
