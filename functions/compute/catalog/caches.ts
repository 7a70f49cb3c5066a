import type { InstanceTypeView } from '../../../contracts/providers/catalog.ts';
import { type Cache, createCache } from '../../platform/cache/index.ts';
import type { Table } from '../../platform/table/types.ts';
import type { Decimal } from '../domain/decimal.ts';
import type { Image } from '../providers/catalog.ts';

/** A price as it is kept; the entry has the date. */
export interface KeptPrice {
  hourly: Decimal;
  currency: string;
  source: string;
}

/** All prices of a region by type, or the one of a type: null where the service sells none. */
export type KeptPrices = Record<string, KeptPrice>;

export interface CatalogCaches {
  types: Cache<InstanceTypeView[]>;
  images: Cache<Image[]>;
  prices: Cache<KeptPrices | KeptPrice | null>;
}

/** What is the same for everybody is asked once a day; an old answer is kept for when there is no new one. */
export const kept = { seconds: 86_400, keepSeconds: 30 * 86_400 };

interface Uses {
  table: Table;
  now: () => Date;
}

export function catalogCaches({ table, now }: Uses): CatalogCaches {
  const newId = () => crypto.randomUUID();
  return {
    types: createCache({ table, namespace: 'instance-types', now, newId }),
    images: createCache({ table, namespace: 'images', now, newId }),
    prices: createCache({ table, namespace: 'prices', now, newId }),
  };
}

// A region's or a type's name holds no `#`; one that did would be another key, since the cache escapes it.
export const typesKey = (provider: string, region: string): string => `${provider}#${region}`;
/** An account may be allowed only some images, so each credential has its own list. */
export const imagesKey = (provider: string, region: string, credentialId: string): string =>
  `${provider}#${region}#${credentialId}`;
export const regionPricesKey = (provider: string, region: string): string => `region#${provider}#${region}`;
export const priceKey = (provider: string, region: string, type: string): string =>
  `type#${provider}#${region}#${type}`;
