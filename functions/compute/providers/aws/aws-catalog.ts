import type { ProviderCatalog } from '../catalog.ts';
import { createAwsCatalogReader, readWithinMs } from './aws-catalog-reader.ts';
import { createEc2Client } from './ec2-client.ts';
import { createAwsPriceList, createPricingClient } from './price-list.ts';
import { knownRegions } from './region-names.ts';
import { createSessionOf } from './session-of-role.ts';

/** A page may take all the time that the pages have together; a person waits and may ask again. */
export const awsCatalog = (
  stageRegion: string,
  priceService = true,
  sessionOf = createSessionOf(),
): ProviderCatalog => ({
  about: {
    display_name: 'AWS',
    version: '1.0.0',
    capabilities: ['vms', 'instances', 'regions', 'instance_types', 'images', 'cost_estimates'],
  },
  regions: knownRegions,
  connect: (connection) =>
    createAwsCatalogReader(createEc2Client(connection, sessionOf, readWithinMs), connection.region),
  prices: priceService ? createAwsPriceList(createPricingClient(stageRegion)) : null,
});
