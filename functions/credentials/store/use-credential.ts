import type { ProviderName } from '../../../contracts/credentials/providers.ts';
import { conflict, notFound } from '../../../contracts/errors.ts';
import { exists } from '../../platform/table/fragment.ts';
import type { Item, Write } from '../../platform/table/types.ts';
import { credentialKey } from './keys.ts';

interface Used {
  workspaceId: string;
  credentialId: string;
  provider: ProviderName;
}

function refuse(old: Item | undefined, provider: ProviderName): Error {
  if (old === undefined) return notFound();
  if (old['provider'] !== provider)
    return conflict('credential.other_provider', { params: { provider: String(old['provider']) } });
  return conflict('credential.inactive');
}

/**
 * In the transaction that makes things with a credential (`uses` more of them): it exists in this workspace, is active and of this provider, and can't be
 * deleted until they are gone. In the one that removes them, `uses` is negative and nothing is asked but that it exists.
 */
export const useCredential = ({ workspaceId, credentialId, provider }: Used, uses: number): Write => ({
  update: credentialKey(workspaceId, credentialId),
  change: { text: 'ADD #uses :uses', values: { uses } },
  condition:
    uses > 0 ? { text: '#is_active = :active AND #provider = :provider', values: { active: true, provider } } : exists,
  otherwise: (old) => refuse(old, provider),
});
