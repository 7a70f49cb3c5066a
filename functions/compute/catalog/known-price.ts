import type { VmProvider } from '../../../contracts/compute/providers.ts';
import type { Entry, Look } from '../../platform/cache/index.ts';
import { type CatalogCaches, type KeptPrice, type KeptPrices, priceKey, regionPricesKey } from './caches.ts';
import type { Price } from './price.ts';

export type PriceLook = Look<KeptPrices | KeptPrice | null>;

const datedOf = ({ hourly, currency, source }: KeptPrice, { setAt }: Entry): Price => ({
  hourly,
  currency,
  source,
  at: setAt,
});

/** What the cache says: a price; `none`, which is the service's own word that it sells no such thing; or undefined, it can't say. */
export interface KnownPrice {
  price: Price | 'none';
  fresh: boolean;
}

/** One trip. */
export const lookAtPrice = (
  { prices }: CatalogCaches,
  provider: VmProvider,
  region: string,
  type: string,
): Promise<PriceLook> => prices.look([regionPricesKey(provider, region), priceKey(provider, region, type)]);

/** The fresher of the region's list and the type's own entry. */
export function knownPrice(
  { entries }: PriceLook,
  provider: VmProvider,
  region: string,
  type: string,
): KnownPrice | undefined {
  const all = entries.get(regionPricesKey(provider, region));
  const one = entries.get(priceKey(provider, region, type));
  const latest = one === undefined || (all !== undefined && all.setAt > one.setAt) ? all : one;
  if (latest === undefined) return undefined;
  const list = latest === all ? ((latest.value ?? {}) as KeptPrices) : undefined;
  const found = list === undefined ? (latest.value as KeptPrice | null) : Object.hasOwn(list, type) && list[type];
  return { price: found ? datedOf(found, latest) : 'none', fresh: latest.fresh };
}
