import { createHash } from 'node:crypto';
import { invalid } from '../../../contracts/errors.ts';
import type { Position } from './types.ts';

/** What of a position travels: the query itself knows its partition key. */
const fields = ['pk', 'sk', 'gsi1sk'] as const;

/** Keys that `key` makes, 2,048 bytes and twice 1,024, at their worst: JSON doubles a backslash, base64 adds a third. */
const longest = 12_000;

const fingerprint = (scope: string) => createHash('sha256').update(scope).digest('base64url').slice(0, 16);

/**
 * Where a page ended, as opaque text for the client. `scope` names the list: its partition, filters and order, in any
 * fixed form. A cursor is no secret and grants nothing: the partition is the query's own, so a forged one only begins at
 * another row of a list that the caller may read anyway.
 */
export function encodeCursor(scope: string, position: Position): string {
  const { pk, sk, gsi1sk } = position;
  const rest = gsi1sk === undefined ? { sk } : { pk, sk, gsi1sk };
  return Buffer.from(JSON.stringify({ v: 1, s: fingerprint(scope), ...rest })).toString('base64url');
}

/** The position for `after`. Text of another list, of another form or of nobody is a VALIDATION_ERROR at `query.cursor`. */
export function decodeCursor(scope: string, text: string): Record<string, string> {
  const cursor = parse(text);
  if (cursor?.v !== 1 || cursor.s !== fingerprint(scope)) throw invalidCursor();
  const position: Record<string, string> = {};
  for (const field of fields) {
    const value = cursor[field];
    if (value === undefined) continue;
    if (typeof value !== 'string' || value === '' || !value.isWellFormed()) throw invalidCursor();
    position[field] = value;
  }
  const whole = 'sk' in position && 'pk' in position === 'gsi1sk' in position;
  if (!whole) throw invalidCursor();
  return position;
}

export const invalidCursor = () =>
  invalid([{ path: 'query.cursor', message: 'is not a cursor of this list; begin without one' }]);

function parse(text: string): Record<string, unknown> | undefined {
  if (text.length > longest || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
