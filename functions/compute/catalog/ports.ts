import type { VmProvider } from '../../../contracts/compute/providers.ts';
import type { CostEstimate, Orphan } from '../../../contracts/providers/catalog.ts';
import type { Write } from '../../platform/table/types.ts';
import type { ProviderCatalog } from '../providers/catalog.ts';
import type { CatalogCaches } from './caches.ts';
import type { Quotes } from './quotes.ts';

/** A credential that a read goes by. */
export interface ChosenCredential {
  id: string;
  workspaceId: string;
  /** Its secret in clear: one call of KMS. */
  open(): Promise<unknown>;
}

export interface Choice {
  provider: VmProvider;
  /** Where it may lie. */
  workspaceIds: readonly string[];
  credentialId: string | undefined;
}

/**
 * The active credential of this id, or the only one of the provider in these workspaces. NOT_FOUND for one that lies elsewhere, CONFLICT for
 * an inactive one or another provider's, VALIDATION_ERROR where none is named and there is none or several.
 */
export type ChooseCredential = (choice: Choice) => Promise<ChosenCredential>;

export interface EstimateStore {
  insert(userId: string, provider: VmProvider, estimate: CostEstimate): Write;
  /** The newest 100 of 90 days. */
  list(userId: string, provider: VmProvider, now: Date): Promise<CostEstimate[]>;
}

export interface CatalogUses {
  catalogs: Readonly<Record<VmProvider, ProviderCatalog>>;
  quotes: Readonly<Record<VmProvider, Quotes>>;
  caches: CatalogCaches;
  choose: ChooseCredential;
  estimates: EstimateStore;
  orphans: (provider: VmProvider) => Promise<Orphan[]>;
}
