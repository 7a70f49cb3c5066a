import { describe, expect, it } from 'vitest';
import { decimalOf, plain, times } from '../../../../functions/compute/domain/decimal.ts';
import { fc } from '../../../support/properties.ts';

/** Digits and where the point stands, and the same as text. */
const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat({ max: 10 })).map(([digits, scale]) => {
  const text = String(digits).padStart(scale + 1, '0');
  const written = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
  return { digits, scale, written };
});

/** As digits over 10^20, whatever the point. */
const over = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(40, '0'));
};

describe('decimals', () => {
  it('multiply exactly where binary fractions do not', () => {
    expect(times('0.012', '720')).toBe('8.64');
    expect(times('0.1', '3')).toBe('0.3');
    expect(0.1 * 3).not.toBe(0.3);
    expect(times('0.0104000000', '730')).toBe('7.592');
    expect(times('0', '123.45')).toBe('0');
  });

  it('multiply as whole numbers do, their points counted together', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const scale = BigInt(40 - a.scale - b.scale);
        expect(over(times(a.written, b.written))).toBe(a.digits * b.digits * 10n ** scale);
        expect(times(a.written, b.written)).toBe(times(b.written, a.written));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are written one way, whatever zeros they came with', () => {
    fc.assert(
      fc.property(decimal, ({ written }) => {
        const text = plain(written);
        expect(over(text)).toBe(over(written));
        expect(text).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(plain(text)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('take a number of JSON as it was written, and nothing that is none', () => {
    expect([0, 720, 0.5, 0.01, 87_600].map(decimalOf)).toEqual(['0', '720', '0.5', '0.01', '87600']);
    for (const odd of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7])
      expect(() => decimalOf(odd)).toThrow('it is no decimal number');
    for (const odd of ['', '.5', '5.', '1e3', ' 1', '0x1']) expect(() => plain(odd)).toThrow();
  });
});
