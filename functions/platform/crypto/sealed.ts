/** A secret at rest, as an attribute of its item. About 210 bytes more than the secret. */
export interface Sealed {
  /** Format: 1 is AES-256-GCM with a KMS data key of its own. */
  v: 1;
  /** The data key, encrypted by KMS. */
  key: Uint8Array;
  /** 96 random bits. A data key encrypts once, so none repeats under one key. */
  iv: Uint8Array;
  /** 128 bits. */
  tag: Uint8Array;
  data: Uint8Array;
}

export const cipher = 'aes-256-gcm';
export const ivBytes = 12;
export const tagBytes = 16;
