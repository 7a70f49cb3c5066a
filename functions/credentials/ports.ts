import type { CredentialData } from '../../contracts/credentials/data.ts';
import type { Sealed } from '../platform/crypto/sealed.ts';
import type { Write } from '../platform/table/types.ts';
import type { Credential } from './domain/credential.ts';

export interface CredentialStore {
  /** In whichever of these workspaces it lies: one that lies elsewhere is not even read. */
  find(workspaceIds: readonly string[], id: string): Promise<Credential | undefined>;
  list(workspaceId: string): Promise<Credential[]>;
  /** Counts it against the workspace's quota; CONFLICT in an inactive workspace. */
  insert(credential: Credential, sealed: Sealed): Write[];
  /** Holds `before`'s version. The sealed secret stays as it is unless another is given. */
  change(before: Credential, after: Credential, sealed?: Sealed): Write[];
  /** CONFLICT with `data.blocking` while something uses it. */
  remove(credential: Credential): Write[];
}

/** Seals a secret to this credential and to its `secret_version`: one call of KMS. */
export type SealData = (credential: Credential, data: CredentialData) => Promise<Sealed>;
