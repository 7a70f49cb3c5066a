import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../contracts/errors.ts';
import { decodeCursor, encodeCursor } from '../../../../functions/platform/table/index.ts';
import { fc } from '../../../support/properties.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
const tablePosition = fc.record({ pk: text, sk: text });
const indexPosition = fc.record({ pk: text, sk: text, gsi1pk: text, gsi1sk: text });

function refusalOf(scope: string, cursor: string): unknown {
  try {
    return { position: decodeCursor(scope, cursor) };
  } catch (error) {
    return error;
  }
}

const invalidCursor = expect.objectContaining({
  code: 'VALIDATION_ERROR',
  data: { issues: [expect.objectContaining({ path: 'query.cursor' })] },
});

describe('a cursor', () => {
  it('gives back the position in the table, but for the partition that the query knows', () => {
    fc.assert(
      fc.property(text, tablePosition, (scope, position) => {
        expect(decodeCursor(scope, encodeCursor(scope, position))).toEqual({ sk: position.sk });
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives back the position in the index, but for the partition that the query knows', () => {
    fc.assert(
      fc.property(text, indexPosition, (scope, position) => {
        const { gsi1pk: _, ...rest } = position;
        expect(decodeCursor(scope, encodeCursor(scope, position))).toEqual(rest);
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds for the list that it came from alone', () => {
    const cursor = encodeCursor('audit?action=create', { pk: 'A', sk: '1' });
    expect(refusalOf('audit?action=delete', cursor)).toEqual(invalidCursor);
  });

  it('is text that fits in a URL as it is', () => {
    fc.assert(
      fc.property(
        text,
        indexPosition,
        (scope, position) => void expect(encodeCursor(scope, position)).toMatch(/^[\w-]+$/),
      ),
    );
  });

  it('is refused with one error when it is garbage', () => {
    const garbage = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.base64String({ maxLength: 200 }));
    fc.assert(
      fc.property(garbage, (cursor) => {
        const error = refusalOf('list', cursor);
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toEqual(invalidCursor);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused with one error when it is JSON of another form', () => {
    const scope = JSON.parse(Buffer.from(encodeCursor('list', { pk: 'A', sk: '1' }), 'base64url').toString())
      .s as string;
    const field = fc.option(
      fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant({}), fc.constant('\ud800')),
      { nil: undefined },
    );
    const forged = fc.record({
      v: fc.constantFrom(1, 2),
      s: fc.constantFrom(scope, 'x'),
      pk: field,
      sk: field,
      gsi1sk: field,
    });
    fc.assert(
      fc.property(forged, (form) => {
        const result = refusalOf('list', Buffer.from(JSON.stringify(form)).toString('base64url'));
        const isText = (value: unknown) => typeof value === 'string' && value !== '' && value !== '\ud800';
        const { v, s, pk, sk, gsi1sk } = form;
        const good =
          v === 1 &&
          s === scope &&
          isText(sk) &&
          (isText(pk) ? isText(gsi1sk) : pk === undefined && gsi1sk === undefined);
        expect(result).toEqual(good ? { position: expect.anything() } : invalidCursor);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused when it is longer than any', () => {
    expect(refusalOf('list', 'A'.repeat(1_000_000))).toEqual(invalidCursor);
  });

  it('survives the longest keys that DynamoDB takes', () => {
    const position = { pk: '\\'.repeat(2048), sk: '\\'.repeat(1024), gsi1pk: 'x', gsi1sk: '\\'.repeat(1024) };
    expect(decodeCursor('list', encodeCursor('list', position))).toMatchObject({ pk: position.pk });
  });
});
