import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { vmProviders } from '../../../contracts/compute/providers.ts';
import { notFound } from '../../../contracts/errors.ts';
import type { Call } from '../../platform/api/call.ts';
import { ProviderError } from '../domain/provider-error.ts';
import type { CatalogReader } from '../providers/catalog.ts';
import type { CatalogUses, ChosenCredential } from './ports.ts';

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
  catalog: () => CatalogReader;
}

interface Named {
  provider: VmProvider;
  query: Whose;
  call: Call;
}

/**
 * The credential that the query names, or the only one in the caller's reach; its workspace is entered, so that the audit row names it.
 * Membership alone chooses one: no permission stands in for it.
 */
export async function chooseNamed(
  { choose }: Pick<CatalogUses, 'choose'>,
  { provider, query, call }: Named,
): Promise<ChosenCredential> {
  const { workspace_id: named, credential_id: credentialId } = query;
  const reach = named === undefined ? call.workspaces() : [named];
  const chosen = await choose({ provider, workspaceIds: reach, credentialId });
  call.enter(chosen.workspaceId);
  return chosen;
}

/** Opens what was chosen: one call of KMS. */
export async function openChosen(
  { catalogs }: Pick<CatalogUses, 'catalogs'>,
  { provider, query }: Pick<Named, 'provider' | 'query'>,
  chosen: ChosenCredential,
): Promise<Opened> {
  const secret = await chosen.open();
  const region = query.region ?? regionIn(secret);
  if (region === undefined) throw new ProviderError('ProviderRefused', 'the credential names no region');
  return { region, catalog: () => catalogs[provider].connect({ region, secret }) };
}

export const openNamed = async (uses: Pick<CatalogUses, 'choose' | 'catalogs'>, named: Named): Promise<Opened> =>
  openChosen(uses, named, await chooseNamed(uses, named));
