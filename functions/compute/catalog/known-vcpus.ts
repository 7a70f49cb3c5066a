import type { Table } from '../../platform/table/types.ts';
import type { VcpusOf } from '../ports.ts';
import { knownVcpus } from '../providers/vcpus.ts';
import { typeOf } from './hourly-price.ts';

/** By the provider's table, without a trip; of a type that is newer than the table, by the catalogue as somebody last read it: one trip. */
export const vcpusOf =
  (uses: { table: Table; now: () => Date }): VcpusOf =>
  async (provider, region, instanceType) =>
    knownVcpus[provider](instanceType) ?? (await typeOf(uses)(provider, region, instanceType))?.vcpus;
