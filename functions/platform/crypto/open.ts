import { createDecipheriv } from 'node:crypto';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';
import { additionalData, encryptionContext, type SecretContext } from './context.ts';
import { cipher, ivBytes, type Sealed, tagBytes } from './sealed.ts';

export interface OpenWith extends Partial<Pace> {
  kms: KMSClient;
  /** The key that sealed it. Naming it keeps a key of somebody else's from being accepted. */
  keyId: string;
  /** Keys of the stages that the data came from: what the first did not seal is tried with these. */
  formerKeyIds?: readonly string[];
}

/** One error for whatever was altered or moved, without a word on what: a hint would help the one who altered it. */
export class CannotOpenSecret extends Error {
  constructor() {
    super('cannot open a secret: it is not what was sealed, or not here');
    this.name = 'CannotOpenSecret';
  }
}

/** How KMS says that a wrapped key is altered, of another key, or of another context. */
const refusals = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

/** How KMS says that a key of another stage is of no use any more, or not to us: whatever it sealed is lost, but another may have sealed this. */
const ends = new Set(['AccessDeniedException', 'DisabledException', 'KMSInvalidStateException', 'NotFoundException']);

/** The bytes that were sealed: one KMS call. The caller wipes them. Throws CannotOpenSecret, or SERVICE_UNAVAILABLE. */
export async function openSecret(using: OpenWith, context: SecretContext, sealed: Sealed): Promise<Uint8Array> {
  if (!isWhole(sealed)) throw new CannotOpenSecret();
  const dataKey = await unwrap(using, context, sealed.key);
  try {
    const gcm = createDecipheriv(cipher, dataKey, sealed.iv, { authTagLength: tagBytes });
    gcm.setAAD(additionalData(context, sealed.key));
    gcm.setAuthTag(sealed.tag);
    return Buffer.concat([gcm.update(sealed.data), gcm.final()]);
  } catch {
    throw new CannotOpenSecret();
  } finally {
    dataKey.fill(0);
  }
}

/** As `openSecret`, for a secret that was sealed as an object. */
export async function openJsonSecret(using: OpenWith, context: SecretContext, sealed: Sealed): Promise<unknown> {
  const secret = await openSecret(using, context, sealed);
  try {
    return JSON.parse(Buffer.from(secret).toString('utf8'));
  } catch {
    // JSON's own error quotes the text.
    throw new CannotOpenSecret();
  } finally {
    secret.fill(0);
  }
}

/** KMS takes 1 to 6,144 bytes; GCM would take an iv of another length. */
const isBytes = (value: unknown, least: number, most: number) =>
  value instanceof Uint8Array && value.length >= least && value.length <= most;

/** A stored item may hold anything. */
const isWhole = ({ v, key, iv, tag, data }: Sealed) =>
  v === 1 &&
  isBytes(key, 1, 6144) &&
  isBytes(iv, ivBytes, ivBytes) &&
  isBytes(tag, tagBytes, tagBytes) &&
  isBytes(data, 0, Number.POSITIVE_INFINITY);

async function unwrap(
  { kms, keyId, formerKeyIds = [], ...pace }: OpenWith,
  context: SecretContext,
  wrapped: Uint8Array,
): Promise<Uint8Array> {
  for (const KeyId of [keyId, ...formerKeyIds]) {
    const command = { KeyId, CiphertextBlob: wrapped, EncryptionContext: encryptionContext(context) };
    try {
      const { Plaintext: dataKey } = await beginSeries(pace).send((options) => {
        meter().add('kms');
        return kms.send(new DecryptCommand(command), options);
      });
      if (dataKey) return dataKey;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      const isOfAnother = name === 'IncorrectKeyException' || (KeyId !== keyId && ends.has(name));
      if (!isOfAnother) throw refusals.has(name) ? new CannotOpenSecret() : error;
    }
  }
  throw new CannotOpenSecret();
}
