import type { ProviderName } from '../../../contracts/credentials/providers.ts';
import type { Credential as CredentialView } from '../../../contracts/credentials/routes.ts';

/** What is known of a credential outside of its store: never its secret, not even sealed. */
export interface Credential extends CredentialView {
  /** Of the secret: part of what it is sealed to. A new secret raises it, a new name does not. */
  secret_version: number;
}

export const viewOf = ({ secret_version: _, ...view }: Credential): CredentialView => view;

interface NewCredential {
  id: string;
  workspaceId: string;
  name?: string | undefined;
  provider: ProviderName;
  now: Date;
}

export function newCredential({ id, workspaceId, name, provider, now }: NewCredential): Credential {
  const at = now.toISOString();
  return {
    id,
    workspace_id: workspaceId,
    name: name ?? provider,
    provider,
    is_active: true,
    version: 1,
    secret_version: 1,
    created_at: at,
    updated_at: at,
  };
}

interface CredentialChange {
  name?: string | undefined;
  is_active?: boolean | undefined;
  /** A secret came with it: always a change, for nobody here could tell that it is the same. */
  newSecret: boolean;
}

/** The next version of it, or the same object where nothing changes. */
export function changeCredential(credential: Credential, change: CredentialChange, now: Date): Credential {
  const { name = credential.name, is_active = credential.is_active, newSecret } = change;
  if (name === credential.name && is_active === credential.is_active && !newSecret) return credential;
  return {
    ...credential,
    name,
    is_active,
    version: credential.version + 1,
    secret_version: credential.secret_version + Number(newSecret),
    updated_at: now.toISOString(),
  };
}
