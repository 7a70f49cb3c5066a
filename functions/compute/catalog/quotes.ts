import { type VmProvider, vmProviders } from '../../../contracts/compute/providers.ts';
import type { Lifetime } from '../../platform/cache/index.ts';
import { ProviderError } from '../domain/provider-error.ts';
import type { ListedPrice, PriceCatalog } from '../providers/prices.ts';
import { type CatalogCaches, type KeptPrice, type KeptPrices, kept, priceKey, regionPricesKey } from './caches.ts';
import { knownPrice, lookAtPrice } from './known-price.ts';
import type { Price } from './price.ts';
import { priceInFile } from './price-file.ts';

/** All prices of a region. `current` is false where the service did not answer and older ones, or the file's, stand in. */
export interface RegionPrices {
  of(instanceType: string): KeptPrice | Price | undefined;
  current: boolean;
}

export interface Quotes {
  /** Undefined: it has no price. Throws ProviderError where that can't be said just now: the service does not answer, and nothing else knows. */
  price(region: string, instanceType: string): Promise<Price | undefined>;
  prices(region: string): Promise<RegionPrices>;
}

interface Uses {
  provider: VmProvider;
  caches: CatalogCaches;
  /** Null on a stage that reaches none. */
  service: PriceCatalog | null;
  now: () => Date;
  /** Is told that the service did not answer: whoever asked for a price may not notice. */
  unanswered: (provider: VmProvider, error: ProviderError) => void;
}

/** What the service says is not sold may be a name that somebody made up: it is believed for an hour, and not kept beyond. */
const notSold: Lifetime = { seconds: 3_600, keepSeconds: 0 };

const noService = new ProviderError('ProviderUnavailable', 'this stage has no price service');

/** From the cache while it is fresh, else from the service; where that does not answer an old price with its own date, else the file's. */
export function createQuotes({ provider, caches, service, now, unanswered }: Uses): Quotes {
  const { prices: cache } = caches;

  /** Only that the service did not answer is passed over; a mistake of ours is not. */
  async function ask<Result>(read: (service: PriceCatalog) => Promise<Result>): Promise<Result | ProviderError> {
    try {
      return service === null ? noService : await read(service);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      unanswered(provider, error);
      return error;
    }
  }
  const keep = ({ hourly, currency }: ListedPrice): KeptPrice => ({
    hourly,
    currency,
    source: String(service?.source),
  });

  return {
    async price(region, type) {
      const look = await lookAtPrice(caches, provider, region, type);
      const known = knownPrice(look, provider, region, type);
      if (known?.fresh === true) return known.price === 'none' ? undefined : known.price;
      const listed = await ask((from) => from.price(region, type));
      if (listed instanceof ProviderError) {
        if (known !== undefined) return known.price === 'none' ? undefined : known.price;
        const filed = priceInFile(provider, region, type);
        if (filed === undefined && listed !== noService) throw listed;
        return filed;
      }
      const price = listed === undefined ? null : keep(listed);
      await cache.set(priceKey(provider, region, type), price, price === null ? notSold : kept, look.generation);
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
      const listed = await ask((from) => from.prices(region));
      // A service that has no price at all for a region does not know the region: nothing is worth keeping.
      if (listed instanceof ProviderError || listed.size === 0) {
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
  catalogs: Readonly<Record<VmProvider, { prices: PriceCatalog | null }>>,
  uses: Pick<Uses, 'caches' | 'now' | 'unanswered'>,
): Readonly<Record<VmProvider, Quotes>> => {
  const named = vmProviders.map((provider): [VmProvider, Quotes] => [
    provider,
    createQuotes({ ...uses, provider, service: catalogs[provider].prices }),
  ]);
  return Object.fromEntries(named) as Record<VmProvider, Quotes>;
};
