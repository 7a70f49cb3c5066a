/**
 * Whose secret it is. KMS binds the data key to it and AES-GCM the ciphertext, so that neither can be moved to another
 * workspace, credential or version.
 */
export interface SecretContext {
  workspace_id: string;
  credential_id: string;
  version: number;
}

/** KMS's encryption context; it appears in CloudTrail in clear. The key's policies name these keys. */
export const encryptionContext = ({ workspace_id, credential_id, version }: SecretContext): Record<string, string> => ({
  workspace_id,
  credential_id,
  version: String(version),
});

/**
 * What AES-GCM authenticates beside the secret. The context is JSON of fields in a fixed order, so no two contexts run
 * together. The wrapped key is in it too: then what is stored is one piece, whatever KMS tolerates in its own part. (So it
 * cannot be wrapped anew by ReEncrypt. KMS's rotation needs no such thing: it keeps the old key material.)
 */
export const additionalData = ({ workspace_id, credential_id, version }: SecretContext, wrapped: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(JSON.stringify(['skyclust-secret', 1, workspace_id, credential_id, version]), 'utf8'),
    wrapped,
  ]);
