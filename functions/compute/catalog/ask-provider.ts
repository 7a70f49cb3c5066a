import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { vmProviders } from '../../../contracts/compute/providers.ts';
import { notFound } from '../../../contracts/errors.ts';
import type { Call } from '../../platform/api/call.ts';
import { ProviderError } from '../domain/provider-error.ts';
import type { Catalog } from '../providers/catalog.ts';
import type { CatalogueUses } from './ports.ts';

export interface Whose {
  workspace_id?: string | undefined;
  credential_id?: string | undefined;
  region?: string | undefined;
}

export function providerNamed(name: string): VmProvider {
  const provider = vmProviders.find((known) => known === name);
  if (provider === undefined) throw notFound();
  return provider;
}

/** The region that a secret names, where its provider's do. */
function regionIn(secret: unknown): string | undefined {
  const region = (secret as { region?: unknown } | null)?.region;
  return typeof region === 'string' ? region : undefined;
}

export interface Opened {
  region: string;
  /** Throws ProviderError. */
  catalog: () => Catalog;
}

/**
 * The credential that the query names, or the only one in the caller's reach, opened; its workspace is entered, so that the audit
 * row names it. Membership alone opens one: no permission stands in for it.
 */
export async function openNamed(
  { choose, catalogues }: Pick<CatalogueUses, 'choose' | 'catalogues'>,
  { provider, query, call }: { provider: VmProvider; query: Whose; call: Call },
): Promise<Opened> {
  const { workspace_id: named, credential_id: credentialId } = query;
  const reach = named === undefined ? call.workspaces() : [named];
  const chosen = await choose({ provider, workspaceIds: reach, credentialId });
  call.enter(chosen.workspaceId);
  const secret = await chosen.open();
  const region = query.region ?? regionIn(secret);
  if (region === undefined) throw new ProviderError('ProviderRefused', 'the credential names no region');
  return { region, catalog: () => catalogues[provider].connect({ region, secret }) };
}
