import { type Attributes, toAttributes } from './attributes.ts';
import { indexUnits, indexUnitsOfUpdate, tableUnits } from './capacity.ts';
import { resolveFragment } from './fragment.ts';
import type { Fragment, Key, Write } from './types.ts';

/** What is known of an item around a write of it, from the write alone and from `was`. */
export interface Images {
  before: Attributes | undefined;
  after: Attributes | undefined;
}

const keyOf = ({ pk, sk }: Key) => ({ pk, sk });

/** An update's least item: its key and the values it brings. The values' names stand for the attributes'. */
function leastItem(key: Key, change: Fragment): Attributes {
  return toAttributes({ ...resolveFragment(change).values, ...keyOf(key) });
}

export function imagesOf(write: Write): Images {
  const was = write.was && toAttributes(write.was);
  if ('put' in write) return { before: was, after: toAttributes(write.put) };
  if ('delete' in write) return { before: was ?? toAttributes(keyOf(write.delete)), after: undefined };
  if ('check' in write) return { before: was ?? toAttributes(keyOf(write.check)), after: undefined };
  return { before: was, after: was ?? leastItem(write.update, write.change) };
}

export function namesIndexKey(change: Fragment): boolean {
  const names = Object.values(resolveFragment(change).names);
  return names.includes('gsi1pk') || names.includes('gsi1sk') || /\bgsi1[ps]k\b/.test(change.text);
}

/**
 * Units of one write of a transaction that went through. Index rows are those that the write itself shows: a delete, or an
 * update that names no index key, of an indexed item costs a row that only `was` tells of.
 */
export function transactedUnits(write: Write): number {
  const { before, after } = imagesOf(write);
  const table = tableUnits(before, after, true);
  if ('check' in write) return table;
  if ('update' in write) return table + (after ? indexUnitsOfUpdate(after, namesIndexKey(write.change)) : 0);
  return table + indexUnits(before, after);
}

/** Units of one write of a transaction that was cancelled: the index is not reached. `old` is what its reason tells. */
export function cancelledUnits(write: Write, old: Attributes | undefined): number {
  const { before, after } = imagesOf(write);
  return tableUnits(old ?? before, after, true);
}
