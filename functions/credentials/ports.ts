import type { ProviderName } from '../../contracts/credentials/providers.ts';
import type { RejectionReason } from '../../contracts/credentials/routes.ts';
import type { Sealed } from '../platform/crypto/sealed.ts';
import type { Write } from '../platform/table/types.ts';
import type { Credential, ViewOf } from './domain/credential.ts';
import type { SecretData } from './domain/new-secret.ts';

export interface SealedCredential {
  credential: Credential;
  sealed: Sealed;
}

export interface CredentialStore {
  /** In whichever of these workspaces it lies: one that lies elsewhere is not even read. */
  find(workspaceIds: readonly string[], id: string): Promise<Credential | undefined>;
  /** As `find`, with the secret as it is stored. */
  findSealed(workspaceIds: readonly string[], id: string): Promise<SealedCredential | undefined>;
  list(workspaceId: string): Promise<Credential[]>;
  /** Counts it against the workspace's quota; CONFLICT in an inactive workspace. */
  insert(credential: Credential, sealed: Sealed): Write[];
  /**
   * Holds `before`'s version. The sealed secret stays as it is unless another is given. CONFLICT with `data.blocking` for a role of another account
   * while something uses it.
   */
  change(before: Credential, after: Credential, sealed?: Sealed): Write[];
  /** CONFLICT with `data.blocking` while something uses it. */
  remove(credential: Credential): Write[];
}

/** Seals a secret to this credential and to its `secret_version`: one call of KMS. */
export type SealData = (credential: Credential, data: SecretData) => Promise<Sealed>;

/** The secret in clear: one call of KMS. CONFLICT for what does not open. */
export type OpenData = (credential: Credential, sealed: Sealed) => Promise<unknown>;

/** The same secret sealed to `after`, under a data key of its own: two calls of KMS. CONFLICT for what does not open. */
export type ResealData = (before: Credential, sealed: Sealed, after: Credential) => Promise<Sealed>;

/** What a cloud says of a credential. The account is null where it does not tell. */
export type Verdict = { ok: true; account: string } | { ok: false; reason: RejectionReason };

/** Asks a cloud. Throws SERVICE_UNAVAILABLE when it does not answer, or not now. */
export type VerifyCredential = (secret: unknown) => Promise<Verdict>;

/** Of those clouds that can be asked yet. */
export type Verifiers = Readonly<Partial<Record<ProviderName, VerifyCredential>>>;

/** What use cases that show a credential need to know of the stage. */
export interface Ours {
  view: ViewOf;
  /** The pattern of the ARNs of our roles that assume the users'. */
  ourRoles: string;
  newExternalId: () => string;
}
