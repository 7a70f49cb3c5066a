import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { awsCatalog } from './aws/aws-catalog.ts';
import type { ProviderCatalog } from './catalog.ts';

/** Every provider's catalog by its name. Apart from `providers`, so that the steps of a VM are not made to carry it. */
export const catalogs = (
  stageRegion: string,
  priceService: boolean,
): Readonly<Record<VmProvider, ProviderCatalog>> => ({
  aws: awsCatalog(stageRegion, priceService),
});
