import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB has it on the wire. */
export type Attributes = Record<string, AttributeValue>;

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/** Keys in one order, members of sets in one order, bytes as base64: the same item is always the same text. */
function ordered(value: unknown): unknown {
  if (isBytes(value)) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      const isSet = (name === 'SS' || name === 'NS' || name === 'BS') && Array.isArray(inner);
      return [name, isSet ? inner.map(ordered).toSorted() : ordered(inner)];
    }),
  );
}

/** One line of JSON, DynamoDB's own (`{"pk":{"S":"…"}}`). */
export const writeItem = (item: Attributes): string => JSON.stringify(ordered(item));

const fromBase64 = (text: unknown) => new Uint8Array(Buffer.from(String(text), 'base64'));

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, inner] = only;
    if (name === 'B' && typeof inner === 'string') return { B: fromBase64(inner) };
    if (name === 'BS' && Array.isArray(inner)) return { BS: inner.map(fromBase64) };
  }
  return Object.fromEntries(entries.map(([name, inner]) => [name, revive(inner)]));
}

/** @throws SyntaxError for what is no JSON. */
export const readItem = (line: string): Attributes =>
  Object.fromEntries(
    Object.entries(JSON.parse(line) as Attributes).map(([name, value]) => [name, revive(value) as AttributeValue]),
  );

const size = 1n << 256n;

/** The hash of a set of items, in whatever order they come: the sum of theirs. */
export function createSum() {
  let [sum, count] = [0n, 0];
  return {
    add(line: string): void {
      sum = (sum + BigInt(`0x${createHash('sha256').update(line).digest('hex')}`)) % size;
      count += 1;
    },
    read: () => ({ items: count, sha256_sum: sum.toString(16).padStart(64, '0') }),
  };
}
export type Sum = ReturnType<ReturnType<typeof createSum>['read']>;
