import type { Decimal } from '../domain/decimal.ts';

export interface ListedPrice {
  hourly: Decimal;
  currency: string;
}

/**
 * A provider's public prices of instance types: on demand, with Linux, on shared hardware. It asks with rights of the platform's own, never
 * a tenant's. Throws ProviderError when it has no answer within its time; what it does not sell is no error.
 */
export interface PriceCatalog {
  /** What an estimate says of where its prices are from. */
  readonly source: string;
  price(region: string, instanceType: string): Promise<ListedPrice | undefined>;
  /** All of a region by type. */
  prices(region: string): Promise<ReadonlyMap<string, ListedPrice>>;
}
