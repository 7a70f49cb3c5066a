import { createCipheriv, randomBytes } from 'node:crypto';
import { GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';
import { additionalData, encryptionContext, type SecretContext } from './context.ts';
import { cipher, ivBytes, type Sealed, tagBytes } from './sealed.ts';

export interface SealWith extends Partial<Pace> {
  kms: KMSClient;
  /** The credentials' own key, by id or ARN. */
  keyId: string;
}

/**
 * Encrypts a secret with a data key of its own: one KMS call. An object is sealed as JSON. The data key is wiped after use;
 * what the SDK parsed it from is text on the heap, which JavaScript cannot wipe.
 */
export async function sealSecret(
  using: SealWith,
  context: SecretContext,
  plaintext: Uint8Array | object,
): Promise<Sealed> {
  const secret = plaintext instanceof Uint8Array ? plaintext : Buffer.from(JSON.stringify(plaintext), 'utf8');
  const { dataKey, wrapped } = await makeDataKey(using, context);
  try {
    const iv = randomBytes(ivBytes);
    const gcm = createCipheriv(cipher, dataKey, iv, { authTagLength: tagBytes });
    gcm.setAAD(additionalData(context, wrapped));
    const data = Buffer.concat([gcm.update(secret), gcm.final()]);
    return { v: 1, key: wrapped, iv, tag: gcm.getAuthTag(), data };
  } finally {
    dataKey.fill(0);
    if (secret !== plaintext) secret.fill(0);
  }
}

async function makeDataKey({ kms, keyId, ...pace }: SealWith, context: SecretContext) {
  const command = { KeyId: keyId, KeySpec: 'AES_256' as const, EncryptionContext: encryptionContext(context) };
  const { Plaintext: dataKey, CiphertextBlob: wrapped } = await beginSeries(pace).send((options) => {
    meter().add('kms');
    return kms.send(new GenerateDataKeyCommand(command), options);
  });
  if (!dataKey || !wrapped) throw new Error('cannot seal a secret: KMS answered without a data key');
  return { dataKey, wrapped };
}
