import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** An item of the table holds 400 KB, its keys and names included. */
export const mostBytes = 400_000;

/** Below it a value is as cheap to read as it will get. */
const worthPacking = 1_024;

/** JSON, deflated where that saves reads: a catalog of 700 rows is a tenth. Throws RangeError for what no item can hold. */
export function pack(key: string, value: unknown): string | Uint8Array {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`cannot cache ${key}: it is not JSON`);
  if (Buffer.byteLength(text) < worthPacking) return text;
  const packed = deflateRawSync(text);
  if (packed.byteLength > mostBytes)
    throw new RangeError(`cannot cache ${key}: it takes ${packed.byteLength} bytes, and at most ${mostBytes} fit`);
  return packed;
}

export const unpack = (stored: string | Uint8Array): unknown =>
  JSON.parse(typeof stored === 'string' ? stored : inflateRawSync(stored).toString('utf8'));
