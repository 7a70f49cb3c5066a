import { mostSwaps, type Session, type Swap, saltBytes } from './session.ts';

/**
 * A session as it lies in the principal, which every call of the user reads: 28 bytes, 50 once it has been refreshed, 72 where it was refreshed twice within
 * the grace.
 * hash 16 · family 8 · expires 4 · [swapped at, in milliseconds 6 · salt 16], the latest swap first
 */
const offsets = { family: 16, expires: 24, swaps: 28 };
const timeBytes = 6;
const swapBytes = timeBytes + saltBytes;

export function packSession({ hash, family, expires, swaps }: Session): Uint8Array {
  const bytes = Buffer.alloc(offsets.swaps + swaps.length * swapBytes);
  bytes.set(hash, 0);
  bytes.set(family, offsets.family);
  bytes.writeUInt32BE(expires, offsets.expires);
  for (const [nth, { at, salt }] of swaps.entries()) {
    const offset = offsets.swaps + nth * swapBytes;
    bytes.writeUIntBE(at, offset, timeBytes);
    bytes.set(salt, offset + timeBytes);
  }
  return new Uint8Array(bytes);
}

const unpackSwap = (bytes: Buffer): Swap => ({
  at: bytes.readUIntBE(0, timeBytes),
  salt: new Uint8Array(bytes.subarray(timeBytes, swapBytes)),
});

/** Undefined for what no session is: such an entry is of no use to anyone. */
export function unpackSession(entry: unknown): Session | undefined {
  if (!(entry instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(entry);
  const swaps = (bytes.length - offsets.swaps) / swapBytes;
  if (!Number.isInteger(swaps) || swaps < 0 || swaps > mostSwaps) return undefined;
  return {
    hash: new Uint8Array(bytes.subarray(0, offsets.family)),
    family: new Uint8Array(bytes.subarray(offsets.family, offsets.expires)),
    expires: bytes.readUInt32BE(offsets.expires),
    swaps: Array.from({ length: swaps }, (_, nth) => unpackSwap(bytes.subarray(offsets.swaps + nth * swapBytes))),
  };
}
