import { ProviderError } from '../domain/provider-error.ts';
import type { PriceCatalog } from './prices.ts';

const noAnswer = async (): Promise<never> => {
  throw new ProviderError('ProviderUnavailable', 'this stage has no price service');
};

/** For a stage that reaches none: what was kept, or the price file, stands in. */
export const noPrices: PriceCatalog = { source: 'none', price: noAnswer, prices: noAnswer };
