import { ProviderError, type ProviderErrorName } from '../../../functions/compute/domain/provider-error.ts';
import type { CatalogReader, Image, Instance, ProviderCatalog } from '../../../functions/compute/providers/catalog.ts';
import type { ListedPrice, PriceCatalog } from '../../../functions/compute/providers/prices.ts';

export interface FakePrices extends PriceCatalog {
  /** By region, by type. */
  listed: Map<string, Map<string, ListedPrice>>;
  calls: number;
  /** Until it is taken back, nobody gets an answer. */
  down: boolean;
}

export function createFakePrices(): FakePrices {
  const ask = <Result>(answer: () => Result): Result => {
    prices.calls += 1;
    if (prices.down) throw new ProviderError('ProviderUnavailable', 'the fake does not answer');
    return answer();
  };
  const prices: FakePrices = {
    source: 'fake',
    listed: new Map(),
    calls: 0,
    down: false,
    price: async (region, type) => ask(() => prices.listed.get(region)?.get(type)),
    prices: async (region) => ask(() => prices.listed.get(region) ?? new Map()),
  };
  return prices;
}

export interface FakeCatalog extends ProviderCatalog {
  prices: FakePrices;
  instances: Map<string, Instance>;
  images: Image[];
  /** The secrets that it was connected with. */
  secrets: unknown[];
  reads: string[];
  /** The next reads meet these, one each. */
  faults: ProviderErrorName[];
}

/** A provider's catalog in memory, as the contract of catalogs has it. */
export function createFakeCatalog(): FakeCatalog {
  const read = <Result>(what: string, answer: () => Result): Result => {
    fake.reads.push(what);
    const fault = fake.faults.shift();
    if (fault !== undefined) throw new ProviderError(fault, 'the fake was told to');
    return answer();
  };
  const connect = (region: string): CatalogReader => ({
    instances: async () => read('instances', () => [...fake.instances.values()]),
    instance: async (id) => read('instance', () => fake.instances.get(id)),
    regions: async () =>
      read('regions', () => [
        { name: 'any-1', display_name: 'Anywhere' },
        ...(region === 'any-1' ? [] : [{ name: region, display_name: region }]),
      ]),
    instanceTypes: async () =>
      read('instanceTypes', () => [
        { name: 'big', vcpus: 8, memory_mb: 32_768, gpu: 0 },
        { name: 'small', vcpus: 1, memory_mb: 1_024, gpu: 0 },
      ]),
    images: async () => read('images', () => fake.images),
  });
  const fake: FakeCatalog = {
    about: { display_name: 'The fake', version: '1.0.0', capabilities: ['instances', 'regions'] },
    regions: [{ name: 'any-1', display_name: 'Anywhere' }],
    prices: createFakePrices(),
    instances: new Map(),
    images: [
      {
        id: 'image-1',
        name: 'Linux',
        family: 'linux',
        architecture: 'x86_64',
        created_at: '2026-01-01T00:00:00.000Z',
      },
    ],
    secrets: [],
    reads: [],
    faults: [],
    connect: ({ region, secret }) => {
      fake.secrets.push(secret);
      return connect(region);
    },
  };
  return fake;
}
