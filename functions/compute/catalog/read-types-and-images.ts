import type { InstanceTypeView } from '../../../contracts/providers/catalog.ts';
import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import type { Lifetime } from '../../platform/cache/index.ts';
import type { CatalogReader, Image } from '../providers/catalog.ts';
import { chooseNamed, type Opened, openChosen, openNamed, providerNamed, type Whose } from './ask-provider.ts';
import { imagesKey, kept, typesKey } from './caches.ts';
import type { CatalogUses } from './ports.ts';
import type { Quotes } from './quotes.ts';
import { readCached } from './read-cached.ts';
import { asked } from './refusal.ts';

type Routes = typeof providerRoutes;

/**
 * Types are the same for everybody. A credential that is named is judged whatever the cache holds; one that is not is looked for only when the
 * provider has to be asked, or when the region is the credential's.
 */
async function readTypes(uses: CatalogUses, name: string, query: Whose, call: Call): Promise<InstanceTypeView[]> {
  const provider = providerNamed(name);
  const open = () => openNamed(uses, { provider, query, call });
  const early: Opened | undefined =
    query.credential_id === undefined && query.region !== undefined ? undefined : await open();
  const region = early?.region ?? String(query.region);
  return readCached(uses.caches.types, typesKey(provider, region), async () => {
    const { catalog } = early ?? (await open());
    return priced(catalog(), uses.quotes[provider], region);
  });
}

/** Images are as the account may use them, so the credential is chosen each time; it is opened only where the provider has to be asked. */
async function readImages(uses: CatalogUses, name: string, query: Whose, call: Call): Promise<Image[]> {
  const named = { provider: providerNamed(name), query, call };
  const chosen = await chooseNamed(uses, named);
  const open = () => openChosen(uses, named, chosen);
  const early = query.region === undefined ? await open() : undefined;
  const key = imagesKey(named.provider, early?.region ?? String(query.region), chosen.id);
  return readCached(uses.caches.images, key, async () => {
    const { catalog } = early ?? (await open());
    return { rows: await catalog().images(), lifetime: kept };
  });
}

/** Prices that are not today's are tried for again soon. */
const untilPricesAnswer: Lifetime = { ...kept, seconds: 3_600 };

/** Side by side, since a person waits for both. */
async function priced(catalog: CatalogReader, quotes: Quotes, region: string) {
  const [types, prices] = await Promise.all([catalog.instanceTypes(), quotes.prices(region)]);
  const rows = types.map((type): InstanceTypeView => {
    const price = prices.of(type.name);
    return { ...type, hourly_cost: price ? Number(price.hourly) : null, currency: price?.currency ?? null };
  });
  return { rows, lifetime: prices.current ? kept : untilPricesAnswer };
}

export const listInstanceTypes =
  (uses: CatalogUses): UseCase<Routes['instance_types.list']> =>
  ({ params, query }, call) =>
    asked(async () => ({ data: await readTypes(uses, params.name, query, call) }));

export const listImages =
  (uses: CatalogUses): UseCase<Routes['images.list']> =>
  ({ params, query }, call) =>
    asked(async () => ({ data: await readImages(uses, params.name, query, call) }));
