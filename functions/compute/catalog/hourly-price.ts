import type { VmProvider } from '../../../contracts/compute/providers.ts';
import type { Table } from '../../platform/table/types.ts';
import { catalogCaches, typesKey } from './caches.ts';
import { knownPrice, lookAtPrice } from './known-price.ts';
import type { Price } from './price.ts';
import { priceInFile, typeInFile } from './price-file.ts';

interface Uses {
  table: Table;
  now: () => Date;
}

/**
 * What an hour of a type costs, as far as it is known without asking anybody: from the cache, an old price too, else from the price file.
 * Undefined where neither knows: then it is unknown, not free. One trip.
 */
export const hourlyPrice =
  (uses: Uses) =>
  async (provider: VmProvider, region: string, instanceType: string): Promise<Price | undefined> => {
    const look = await lookAtPrice(catalogCaches(uses), provider, region, instanceType);
    const known = knownPrice(look, provider, region, instanceType);
    if (known?.price === 'none') return undefined;
    return known?.price ?? priceInFile(provider, region, instanceType);
  };

/** Virtual processors and memory of a type, from the catalog as somebody last read it, else from the price file. One trip. */
export const typeOf =
  (uses: Uses) =>
  async (
    provider: VmProvider,
    region: string,
    instanceType: string,
  ): Promise<{ vcpus: number; memory_mb: number } | undefined> => {
    const key = typesKey(provider, region);
    const { entries } = await catalogCaches(uses).types.look([key]);
    const found = entries.get(key)?.value.find(({ name }) => name === instanceType);
    return found === undefined
      ? typeInFile(provider, instanceType)
      : { vcpus: found.vcpus, memory_mb: found.memory_mb };
  };
