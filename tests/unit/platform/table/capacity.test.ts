import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  indexUnits,
  indexUnitsOfUpdate,
  readUnits,
  tableUnits,
} from '../../../../functions/platform/table/capacity.ts';
import { itemBytes } from '../../../../functions/platform/table/item-bytes.ts';

/** An item of so many bytes. */
const item = (bytes: number, keys: Record<string, string> = {}) => {
  const rest = { pk: 'a', sk: 'b', ...keys };
  return marshall({ ...rest, x: 'x'.repeat(bytes - itemBytes(marshall(rest)) - 1) });
};
const indexed = (bytes: number, at = '1') => item(bytes, { gsi1pk: 'g', gsi1sk: at });

describe('the bytes of an item', () => {
  it.each([
    ['the name and the UTF-8 of a text', { n: '한국' }, 1 + 6],
    ['a byte for two digits of a number and one more', { n: 1234 }, 1 + 2 + 1],
    ['an odd digit rounded up', { n: 12345 }, 1 + 3 + 1],
    ['no zeros at either end', { n: 1_000_000, m: 0.0001 }, 2 + 2 * (1 + 1)],
    ['one for a minus sign', { n: -12 }, 1 + 1 + 1 + 1],
    ['one for zero', { n: 0 }, 1 + 1],
    ['one for a boolean and for null', { n: true, m: null }, 2 + 2],
    ['the raw bytes of binary', { n: Uint8Array.of(1, 2, 3) }, 1 + 3],
    [
      'the members of sets',
      { n: new Set(['ab', 'c']), m: new Set([12, 3]), b: new Set([Uint8Array.of(1, 2)]) },
      3 + 3 + 4 + 2,
    ],
    ['three for a list and one for each element', { n: ['a', true, []] }, 1 + 3 + (1 + 1) + (1 + 1) + (1 + 3)],
    ['three for a map and one for each entry', { n: { a: 'x', bc: {} } }, 1 + 3 + (1 + 1 + 1) + (1 + 2 + 3)],
  ])('count %s', (_, value, bytes) => {
    expect(itemBytes(marshall(value))).toBe(bytes);
  });
});

describe('units', () => {
  it('write a KB each, by the larger of the item before and after, and double in a transaction', () => {
    expect(tableUnits(undefined, item(1024))).toBe(1);
    expect(tableUnits(undefined, item(1025))).toBe(2);
    expect(tableUnits(item(3000), item(500))).toBe(3);
    expect(tableUnits(undefined, undefined)).toBe(1);
    expect(tableUnits(item(1025), item(100), true)).toBe(4);
  });

  it('read 4 KB each, half when eventually consistent, and cost the least when nothing is there', () => {
    expect([readUnits(0, true), readUnits(4096, true), readUnits(4097, true)]).toEqual([1, 1, 2]);
    expect([readUnits(0, false), readUnits(4096, false), readUnits(4097, false)]).toEqual([0.5, 0.5, 1]);
  });

  it('count an index row for an item that enters, leaves or changes in the index', () => {
    expect(indexUnits(undefined, indexed(100))).toBe(1);
    expect(indexUnits(indexed(1500), undefined)).toBe(2);
    expect(indexUnits(indexed(1500), indexed(100))).toBe(2);
  });

  it('count two rows when the index key changes, none when nothing does or the item is not indexed', () => {
    expect(indexUnits(indexed(1500), indexed(100, '2'))).toBe(3);
    expect(indexUnits(indexed(100), indexed(100))).toBe(0);
    expect(indexUnits(item(100), item(200))).toBe(0);
    expect(indexUnits(undefined, item(100, { gsi1pk: 'only half a key' }))).toBe(0);
  });

  it('count an update by the image that is known, and the most when its index key may have changed', () => {
    expect(indexUnitsOfUpdate(indexed(1500), false)).toBe(2);
    expect(indexUnitsOfUpdate(indexed(1500), true)).toBe(4);
    expect(indexUnitsOfUpdate(item(100), false)).toBe(0);
    expect(indexUnitsOfUpdate(item(100), true)).toBe(1);
  });
});
