import { describe, expect, it } from 'vitest';
import { key, keyParts, keyPrefix } from '../../../../functions/platform/table/index.ts';
import { fc } from '../../../support/properties.ts';

/** Text that is rich in what the encoding treats apart. */
const part = fc.string({
  unit: fc.oneof(
    fc.constantFrom('#', '$', '%', ' ', '"', '\u0000', '2', '3', 'a'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});
const parts = fc.array(part, { minLength: 1, maxLength: 4 }) as fc.Arbitrary<[string, ...string[]]>;

/** As DynamoDB orders strings: by bytes of UTF-8. */
const order = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

function orderOfLists(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const sign = order(a[at] as string, b[at] as string);
    if (sign !== 0) return sign;
  }
  return Math.sign(a.length - b.length);
}

describe('a key', () => {
  it('reads plainly where its parts hold nothing special', () => {
    expect(key('WS', '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a')).toBe('WS#01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a');
    expect(key('EMAIL', 'a#b c@example.com')).toBe('EMAIL#a$23b$20c@example.com');
  });

  it('gives its parts back, whatever is in them', () => {
    fc.assert(
      fc.property(parts, (list) => void expect(keyParts(key(...list))).toEqual(list)),
      { numRuns: 1_000 },
    );
  });

  it('sorts as its list of parts does', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => void expect(order(key(...a), key(...b))).toBe(orderOfLists(a, b))),
      { numRuns: 2_000 },
    );
  });

  it('begins with the prefix of its first parts, and with no other', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const isWithin = a.length < b.length && a.every((text, at) => text === b[at]);
        expect(key(...b).startsWith(keyPrefix(...a))).toBe(isWithin);
      }),
      { numRuns: 1_000 },
    );
    expect(key('VMX', '1').startsWith(keyPrefix('VM'))).toBe(false);
  });

  it('refuses text that would be stored as other text', () => {
    expect(() => key('A', '\ud800')).toThrow('a part is not well-formed text');
  });
});
