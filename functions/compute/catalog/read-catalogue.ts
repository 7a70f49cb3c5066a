import type { VmProvider } from '../../../contracts/compute/providers.ts';
import type { InstanceTypeView } from '../../../contracts/providers/catalogue.ts';
import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import type { Cache, Lifetime } from '../../platform/cache/index.ts';
import type { Catalog, Image } from '../providers/catalog.ts';
import { type Opened, openNamed, providerNamed, type Whose } from './ask-provider.ts';
import { imagesKey, kept, typesKey } from './caches.ts';
import type { CatalogueUses } from './ports.ts';
import type { Quotes } from './quotes.ts';
import { readCached } from './read-cached.ts';
import { asked } from './refusal.ts';

type Routes = typeof providerRoutes;

interface Reading<Row> {
  cache: Cache<Row[]>;
  keyOf(provider: VmProvider, region: string): string;
  ask(catalog: Catalog, provider: VmProvider, region: string): Promise<{ rows: Row[]; lifetime: Lifetime }>;
}

/**
 * What is the same for everybody. A credential that is named is judged whatever the cache holds; one that is not is looked for only when the
 * provider has to be asked, or when the region is the credential's.
 */
async function readShared<Row>(
  uses: CatalogueUses,
  reading: Reading<Row>,
  { name, query, call }: { name: string; query: Whose; call: Call },
): Promise<Row[]> {
  const provider = providerNamed(name);
  const open = () => openNamed(uses, { provider, query, call });
  const early: Opened | undefined =
    query.credential_id === undefined && query.region !== undefined ? undefined : await open();
  const region = early?.region ?? String(query.region);
  return readCached(reading.cache, reading.keyOf(provider, region), async () => {
    const { catalog } = early ?? (await open());
    return reading.ask(catalog(), provider, region);
  });
}

/** Prices that are not today's are tried for again soon. */
const untilPricesAnswer: Lifetime = { ...kept, seconds: 3_600 };

/** Side by side, since a person waits for both. */
async function priced(catalog: Catalog, quotes: Quotes, region: string) {
  const [types, prices] = await Promise.all([catalog.instanceTypes(), quotes.prices(region)]);
  const rows = types.map((type): InstanceTypeView => {
    const price = prices.of(type.name);
    return { ...type, hourly_cost: price ? Number(price.hourly) : null, currency: price?.currency ?? null };
  });
  return { rows, lifetime: prices.current ? kept : untilPricesAnswer };
}

export const listInstanceTypes =
  (uses: CatalogueUses): UseCase<Routes['instance_types.list']> =>
  ({ params, query }, call) =>
    asked(async () => {
      const reading: Reading<InstanceTypeView> = {
        cache: uses.caches.types,
        keyOf: typesKey,
        ask: (catalog, provider, region) => priced(catalog, uses.quotes[provider], region),
      };
      return { data: await readShared(uses, reading, { name: params.name, query, call }) };
    });

export const listImages =
  (uses: CatalogueUses): UseCase<Routes['images.list']> =>
  ({ params, query }, call) =>
    asked(async () => {
      const reading: Reading<Image> = {
        cache: uses.caches.images,
        keyOf: imagesKey,
        ask: async (catalog) => ({ rows: await catalog.images(), lifetime: kept }),
      };
      return { data: await readShared(uses, reading, { name: params.name, query, call }) };
    });
