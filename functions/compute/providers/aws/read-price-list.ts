import * as z from 'zod';
import { plain } from '../../domain/decimal.ts';
import type { ListedPrice } from '../prices.ts';

/**
 * A product as the Price List service publishes it, a JSON text each
 * (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html).
 */
const product = z.object({
  product: z.object({ attributes: z.object({ instanceType: z.string() }) }),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({ unit: z.string(), pricePerUnit: z.record(z.string(), z.string()) }),
          ),
        }),
      )
      .optional(),
  }),
});

const amount = /^\d+(\.\d+)?$/;

/** The price of an hour, if that is what the product is sold by. One of nothing is a reservation's or a host's, and no price. */
export function readProduct(text: string): [string, ListedPrice] | 'unpriced' | 'unreadable' {
  const parsed = product.safeParse(parse(text));
  if (!parsed.success) return 'unreadable';
  const { product: sold, terms } = parsed.data;
  const dimensions = Object.values(terms.OnDemand ?? {}).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  );
  for (const { unit, pricePerUnit } of dimensions) {
    for (const [currency, value] of Object.entries(pricePerUnit)) {
      if (unit !== 'Hrs' || !amount.test(value) || plain(value) === '0') continue;
      return [sold.attributes.instanceType, { hourly: plain(value), currency }];
    }
  }
  return 'unpriced';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
