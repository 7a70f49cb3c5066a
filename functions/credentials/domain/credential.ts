import { accountOfRole } from '../../../contracts/credentials/aws.ts';
import type { ProviderName } from '../../../contracts/credentials/providers.ts';
import type { Credential as CredentialView } from '../../../contracts/credentials/routes.ts';
import { conflict } from '../../../contracts/errors.ts';
import { trustPolicyFor } from './trust-policy.ts';

/** The role that a keyless credential goes by, and the external id that is its own. */
export interface KeylessRole {
  role_arn: string;
  external_id: string;
}

/** `verified_at`: when the role let us in with the external id and with no other; null until then. */
export interface Keyless extends KeylessRole {
  verified_at: string | null;
}

/** What is known of a credential outside of its store: never its secret, not even sealed. */
export interface Credential {
  id: string;
  workspace_id: string;
  name: string;
  provider: ProviderName;
  is_active: boolean;
  /** What its people want; it is active when nothing else is against it. */
  enabled: boolean;
  keyless: Keyless | null;
  version: number;
  /** Of the secret: part of what it is sealed to. A new secret raises it, a new name does not. */
  secret_version: number;
  created_at: string;
  updated_at: string;
}

export type ViewOf = (credential: Credential) => CredentialView;

/** What anyone may see of a credential. `ourRoles` is the pattern of the ARNs of those roles of ours that assume the users'. */
export const viewWith =
  (ourRoles: string): ViewOf =>
  ({ secret_version: _, enabled: __, keyless, ...view }) =>
    keyless === null ? view : { ...view, ...keyless, trust_policy: trustPolicyFor(keyless.external_id, ourRoles) };

interface NewCredential {
  id: string;
  workspaceId: string;
  name?: string | undefined;
  provider: ProviderName;
  keyless: KeylessRole | null;
  now: Date;
}

export function newCredential({ id, workspaceId, name, provider, keyless, now }: NewCredential): Credential {
  const at = now.toISOString();
  return {
    id,
    workspace_id: workspaceId,
    name: name ?? provider,
    provider,
    is_active: keyless === null,
    enabled: true,
    keyless: keyless && { ...keyless, verified_at: null },
    version: 1,
    secret_version: 1,
    created_at: at,
    updated_at: at,
  };
}

export const isUnverified = ({ keyless }: Pick<Credential, 'keyless'>): boolean => keyless?.verified_at === null;

interface CredentialChange {
  name?: string | undefined;
  is_active?: boolean | undefined;
  /** A secret came with it: always a change, for nobody here could tell that it is the same. Null where that is no role. */
  secret?: { keyless: KeylessRole | null } | undefined;
}

/** A role that was verified stays so; another one has yet to be. */
function keylessAfter(before: Keyless | null, { secret }: CredentialChange): Keyless | null {
  if (secret === undefined || secret.keyless === null) return secret === undefined ? before : null;
  const same = before?.role_arn === secret.keyless.role_arn && before.external_id === secret.keyless.external_id;
  return { ...secret.keyless, verified_at: same ? before.verified_at : null };
}

/** The next version of it, or the same object where nothing changes. CONFLICT to make an unverified role active. */
export function changeCredential(credential: Credential, change: CredentialChange, now: Date): Credential {
  const keyless = keylessAfter(credential.keyless, change);
  const { name = credential.name, is_active: enabled = credential.enabled } = change;
  if (change.is_active === true && isUnverified({ keyless })) {
    throw conflict('credential.not_verified', { data: { reason: 'NOT_VERIFIED' } });
  }
  if (name === credential.name && enabled === credential.enabled && change.secret === undefined) return credential;
  return {
    ...credential,
    name,
    enabled,
    is_active: enabled && !isUnverified({ keyless }),
    keyless,
    version: credential.version + 1,
    secret_version: credential.secret_version + Number(change.secret !== undefined),
    updated_at: now.toISOString(),
  };
}

/** Whether it is known to be of another account from now on. Of a key nobody knows without asking. */
export function changesAccount(before: Credential, after: Credential): boolean {
  const [from, to] = [before.keyless, after.keyless];
  return from !== null && to !== null && accountOfRole(from.role_arn) !== accountOfRole(to.role_arn);
}

/** After its role turned out to be good: active, unless somebody has disabled it. */
export function verifiedCredential(credential: Credential, now: Date): Credential {
  if (credential.keyless === null || !isUnverified(credential)) return credential;
  return {
    ...credential,
    is_active: credential.enabled,
    keyless: { ...credential.keyless, verified_at: now.toISOString() },
    version: credential.version + 1,
    updated_at: now.toISOString(),
  };
}

/** The same secret, to be sealed anew. */
export const rotatedCredential = (credential: Credential, now: Date): Credential => ({
  ...credential,
  version: credential.version + 1,
  secret_version: credential.secret_version + 1,
  updated_at: now.toISOString(),
});
