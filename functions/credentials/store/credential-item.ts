import type { Sealed } from '../../platform/crypto/sealed.ts';
import type { Item } from '../../platform/table/types.ts';
import type { Credential } from '../domain/credential.ts';
import { credentialKey } from './keys.ts';

/** `uses` counts the things that were made with it and still are. */
export const toItem = (credential: Credential, sealed: Sealed): Item => ({
  ...credentialKey(credential.workspace_id, credential.id),
  type: 'credential',
  ...credential,
  sealed,
  uses: 0,
});

/** By name, so that nothing else of the item gets out: least of all the secret. */
export function fromItem(item: Item): Credential {
  const keyless = (item['keyless'] ?? null) as Credential['keyless'];
  return {
    id: item['id'],
    workspace_id: item['workspace_id'],
    name: item['name'],
    provider: item['provider'],
    is_active: item['is_active'],
    // An item from before there was this field: only an unverified role was inactive against its people's will.
    enabled: item['enabled'] ?? (item['is_active'] === true || keyless?.verified_at === null),
    keyless,
    version: item['version'],
    secret_version: item['secret_version'],
    created_at: item['created_at'],
    updated_at: item['updated_at'],
  } as Credential;
}
