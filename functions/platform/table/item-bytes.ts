import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attributes.ts';

const utf8 = (text: string) => Buffer.byteLength(text, 'utf8');

/** One byte per two significant digits, one more, and one for a minus sign; zeros at both ends are free. */
function numberBytes(text: string): number {
  const mantissa = text.replace(/e.*$/i, '').replace(/[-+.]/g, '');
  const digits = mantissa.replace(/^0+/, '').replace(/0+$/, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

const sum = <Value>(values: readonly Value[], bytes: (value: Value) => number) =>
  values.reduce((total, value) => total + bytes(value), 0);

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.SS !== undefined) return sum(value.SS, utf8);
  if (value.NS !== undefined) return sum(value.NS, numberBytes);
  if (value.BS !== undefined) return sum(value.BS, (bytes) => bytes.byteLength);
  if (value.L !== undefined) return 3 + sum(value.L, (element) => 1 + valueBytes(element));
  if (value.M !== undefined) return 3 + itemBytes(value.M) + Object.keys(value.M).length;
  return 1;
}

/**
 * The bytes that DynamoDB bills an item by, as documented ("DynamoDB item sizes and formats", which calls the size of
 * numbers approximate: within a byte of each).
 */
export const itemBytes = (attributes: Attributes): number =>
  sum(Object.entries(attributes), ([name, value]) => utf8(name) + valueBytes(value));
