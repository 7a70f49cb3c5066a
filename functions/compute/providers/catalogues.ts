import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { awsCatalogue } from './aws/aws-catalogue.ts';
import type { ProviderCatalogue } from './catalog.ts';

/** Every provider's catalogue by its name. Apart from `providers`, so that the steps of a VM are not made to carry it. */
export const catalogues = (
  stageRegion: string,
  priceService: boolean,
): Readonly<Record<VmProvider, ProviderCatalogue>> => ({
  aws: awsCatalogue(stageRegion, priceService),
});
