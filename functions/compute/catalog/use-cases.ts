import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import { estimateCost, listEstimates } from './estimate-cost.ts';
import { getProvider, listOrphans, listProviders } from './list-providers.ts';
import type { CatalogUses } from './ports.ts';
import { getInstance, listInstances, listRegions } from './read-account.ts';
import { listImages, listInstanceTypes } from './read-types-and-images.ts';

export const catalogUseCases = (uses: CatalogUses): UseCases<typeof providerRoutes> => ({
  'providers.list': listProviders(uses),
  'providers.get': getProvider(uses),
  'instances.list': listInstances(uses),
  'instances.get': getInstance(uses),
  'regions.list': listRegions(uses),
  'instance_types.list': listInstanceTypes(uses),
  'images.list': listImages(uses),
  'cost_estimates.create': estimateCost(uses),
  'cost_estimates.list': listEstimates(uses),
  'orphans.list': listOrphans(uses),
});
