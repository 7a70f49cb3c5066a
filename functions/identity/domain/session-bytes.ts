import { type Session, saltBytes } from './session.ts';

/**
 * A session as it lies in the principal, which every call of the user reads: 28 bytes, 50 once it has been refreshed.
 * hash 16 · family 8 · expires 4 · [swapped at, in milliseconds 6 · salt 16]
 */
const offsets = { family: 16, expires: 24, at: 28, salt: 34 };

export function packSession({ hash, family, expires, swap }: Session): Uint8Array {
  const bytes = Buffer.alloc(swap === undefined ? offsets.at : offsets.salt + saltBytes);
  bytes.set(hash, 0);
  bytes.set(family, offsets.family);
  bytes.writeUInt32BE(expires, offsets.expires);
  if (swap !== undefined) {
    bytes.writeUIntBE(swap.at, offsets.at, 6);
    bytes.set(swap.salt, offsets.salt);
  }
  return new Uint8Array(bytes);
}

/** Undefined for what no session is: such an entry is of no use to anyone. */
export function unpackSession(entry: unknown): Session | undefined {
  if (!(entry instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(entry);
  if (bytes.length !== offsets.at && bytes.length !== offsets.salt + saltBytes) return undefined;
  const session: Session = {
    hash: new Uint8Array(bytes.subarray(0, offsets.family)),
    family: new Uint8Array(bytes.subarray(offsets.family, offsets.expires)),
    expires: bytes.readUInt32BE(offsets.expires),
  };
  if (bytes.length === offsets.at) return session;
  return {
    ...session,
    swap: { at: bytes.readUIntBE(offsets.at, 6), salt: new Uint8Array(bytes.subarray(offsets.salt)) },
  };
}
