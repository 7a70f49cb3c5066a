/** A decimal number as its digits, such as `0.0120000000` or `8.64`: money is never a binary fraction on the way to its result. */
export type Decimal = string;

const shape = /^(\d+)(?:\.(\d+))?$/;

interface Scaled {
  digits: bigint;
  scale: number;
}

function scaled(value: Decimal): Scaled {
  const [, whole, fraction = ''] = shape.exec(value) ?? [];
  if (whole === undefined) throw new TypeError(`cannot calculate with ${value}: it is no decimal number`);
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** Without zeros at its end. */
function written({ digits, scale }: Scaled): Decimal {
  const text = String(digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** `0.0120000000` and `0.012` are the same. */
export const plain = (value: Decimal): Decimal => written(scaled(value));

/** Exact: 0.012 × 720 is 8.64 and nothing beside it. */
export function times(a: Decimal, b: Decimal): Decimal {
  const [left, right] = [scaled(a), scaled(b)];
  return written({ digits: left.digits * right.digits, scale: left.scale + right.scale });
}

/** A number of JSON as people wrote it; not negative, below 10^21 and not so small that it is written with an exponent. */
export const decimalOf = (value: number): Decimal => plain(String(value));
