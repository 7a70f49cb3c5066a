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

/** One text for one context: JSON of fields in a fixed order, so no two contexts run together. */
export const additionalData = ({ workspace_id, credential_id, version }: SecretContext): Buffer =>
  Buffer.from(JSON.stringify(['skyclust-secret', 1, workspace_id, credential_id, version]), 'utf8');
