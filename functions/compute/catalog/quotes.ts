import { type VmProvider, vmProviders } from '../../../contracts/compute/providers.ts';
import { ProviderError } from '../domain/provider-error.ts';
import type { ListedPrice, PriceCatalog } from '../providers/prices.ts';
import { type CatalogueCaches, type KeptPrice, type KeptPrices, kept, priceKey, regionPricesKey } from './caches.ts';
import { knownPrice, lookAtPrice } from './known-price.ts';
import type { Price } from './price.ts';
import { priceInFile } from './price-file.ts';

/** All prices of a region. `current` is false where the service did not answer and older ones, or the file's, stand in. */
export interface RegionPrices {
  of(instanceType: string): KeptPrice | Price | undefined;
  current: boolean;
}

export interface Quotes {
  /** Undefined: nobody who was asked knows. */
  price(region: string, instanceType: string): Promise<Price | undefined>;
  prices(region: string): Promise<RegionPrices>;
}

interface Uses {
  provider: VmProvider;
  caches: CatalogueCaches;
  service: PriceCatalog;
  now: () => Date;
}

/** Only that the service did not answer is passed over; a mistake of ours is not. */
const orNothing = async <Result>(work: Promise<Result>): Promise<Result | 'no answer'> =>
  work.catch((error: unknown) => {
    if (error instanceof ProviderError) return 'no answer' as const;
    throw error;
  });

/** From the cache while it is fresh, else from the service; where that does not answer an old price with its own date, else the file's. */
export function createQuotes({ provider, caches, service, now }: Uses): Quotes {
  const { prices: cache } = caches;
  const keep = ({ hourly, currency }: ListedPrice): KeptPrice => ({ hourly, currency, source: service.source });

  return {
    async price(region, type) {
      const look = await lookAtPrice(caches, provider, region, type);
      const known = knownPrice(look, provider, region, type);
      if (known?.fresh === true) return known.price === 'none' ? undefined : known.price;
      const listed = await orNothing(service.price(region, type));
      if (listed === 'no answer') {
        if (known === undefined) return priceInFile(provider, region, type);
        return known.price === 'none' ? undefined : known.price;
      }
      const price = listed === undefined ? null : keep(listed);
      await cache.set(priceKey(provider, region, type), price, kept, look.generation);
      return price === null ? undefined : { ...price, at: now().toISOString() };
    },

    async prices(region) {
      const key = regionPricesKey(provider, region);
      const { entries, generation } = await cache.look([key]);
      const entry = entries.get(key);
      const list = (all: KeptPrices, current: boolean): RegionPrices => ({
        of: (type) => (Object.hasOwn(all, type) ? all[type] : undefined),
        current,
      });
      if (entry?.fresh === true) return list(entry.value as KeptPrices, true);
      const listed = await orNothing(service.prices(region));
      // A service that has no price at all for a region does not know the region: nothing is worth keeping.
      if (listed === 'no answer' || listed.size === 0) {
        if (entry !== undefined) return list(entry.value as KeptPrices, false);
        return { of: (type) => priceInFile(provider, region, type), current: false };
      }
      const all = Object.fromEntries([...listed].map(([type, price]) => [type, keep(price)]));
      await cache.set(key, all, kept, generation);
      return list(all, true);
    },
  };
}

/** Each provider's, by its own price service. */
export const quotesOf = (
  catalogues: Readonly<Record<VmProvider, { prices: PriceCatalog }>>,
  uses: Pick<Uses, 'caches' | 'now'>,
): Readonly<Record<VmProvider, Quotes>> => {
  const named = vmProviders.map((provider): [VmProvider, Quotes] => [
    provider,
    createQuotes({ ...uses, provider, service: catalogues[provider].prices }),
  ]);
  return Object.fromEntries(named) as Record<VmProvider, Quotes>;
};
