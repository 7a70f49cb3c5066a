import type { Table } from '../../platform/table/types.ts';
import type { VcpusOf } from '../ports.ts';
import { knownVcpus } from '../providers/vcpus.ts';
import { catalogCaches, typesKey } from './caches.ts';

/**
 * By the provider's table, without a trip; of a type that is newer than the table, by the catalog as somebody last read it: one trip. It is for the API, so
 * it leaves out the file of prices, whose types the table has too.
 */
export const vcpusOf =
  (uses: { table: Table; now: () => Date }): VcpusOf =>
  async (provider, region, instanceType) => {
    const known = knownVcpus[provider](instanceType);
    if (known !== undefined) return known;
    const key = typesKey(provider, region);
    const { entries } = await catalogCaches(uses).types.look([key]);
    return entries.get(key)?.value.find(({ name }) => name === instanceType)?.vcpus;
  };
