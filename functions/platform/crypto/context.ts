/** Whose secret it is. KMS binds the data key to it and AES-GCM the ciphertext, so that neither can be moved to another place. */
export type SecretContext = CredentialContext | VmContext;

/** The secret of a credential, in one of its versions. */
export interface CredentialContext {
  workspace_id: string;
  credential_id: string;
  version: number;
}

/** The user data of a VM, which has one version. */
export interface VmContext {
  workspace_id: string;
  vm_id: string;
}

/** KMS's encryption context; it appears in CloudTrail in clear. The key's policies name these keys. */
export const encryptionContext = (context: SecretContext): Record<string, string> =>
  'vm_id' in context
    ? { workspace_id: context.workspace_id, vm_id: context.vm_id }
    : {
        workspace_id: context.workspace_id,
        credential_id: context.credential_id,
        version: String(context.version),
      };

const told = (context: SecretContext) =>
  'vm_id' in context
    ? ['skyclust-user-data', 1, context.workspace_id, context.vm_id]
    : ['skyclust-secret', 1, context.workspace_id, context.credential_id, context.version];

/**
 * What AES-GCM authenticates beside the secret. The context is JSON of fields in a fixed order, so no two contexts run
 * together. The wrapped key is in it too: then what is stored is one piece, whatever KMS tolerates in its own part. (So it
 * cannot be wrapped anew by ReEncrypt. KMS's rotation needs no such thing: it keeps the old key material.)
 */
export const additionalData = (context: SecretContext, wrapped: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(JSON.stringify(told(context)), 'utf8'), wrapped]);
