import { type Filter, GetProductsCommand, PricingClient, type PricingClientConfig } from '@aws-sdk/client-pricing';
import { meter } from '../../../platform/meter.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import type { ListedPrice, PriceCatalog } from '../prices.ts';
import { readAwsError } from './read-aws-error.ts';
import { readProduct } from './read-price-list.ts';

/** The service has three endpoints (https://docs.aws.amazon.com/general/latest/gr/billing.html); each has the prices of all regions. */
const endpointFor = (stageRegion: string): string => {
  if (/^(eu|me|il|af)-/.test(stageRegion)) return 'eu-central-1';
  return stageRegion.startsWith('ap-') ? 'ap-south-1' : 'us-east-1';
};

/** For all pages of a region's list, some 12 of 100 products with all their terms. As long as the types themselves may take, which are read side by side. */
const listWithinMs = 18_000;
const mostPages = 40;

const is = (Field: string, Value: string): Filter => ({ Type: 'TERM_MATCH', Field, Value });

/** Of the several products that a type is in a region, the one that RunInstances buys: Linux without other software, shared, used as it is paid. */
const plainLinux = [
  is('operatingSystem', 'Linux'),
  is('preInstalledSw', 'NA'),
  is('tenancy', 'Shared'),
  is('capacitystatus', 'Used'),
  is('marketoption', 'OnDemand'),
];

/** A call that is cut off has no answer to be billed for: one try each, and the caller has an older price. */
const limits: PricingClientConfig = {
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 1_500,
    requestTimeout: 6_000,
    socketTimeout: 6_000,
    throwOnRequestTimeout: true,
  },
};

export const createPricingClient = (stageRegion: string, config: PricingClientConfig = {}): PricingClient =>
  new PricingClient({ ...limits, region: endpointFor(stageRegion), ...config });

/** Any rejection, whether by a right that we lack or by AWS being down, means that no price is available now. */
const asUnavailable = (error: unknown): unknown => {
  const read = readAwsError(error);
  return read instanceof ProviderError
    ? new ProviderError('ProviderUnavailable', 'the price list does not answer', { cause: error })
    : read;
};

/** AWS Price List, for EC2. */
export function createAwsPriceList(client: PricingClient): PriceCatalog {
  async function ask(filters: readonly Filter[]): Promise<Map<string, ListedPrice>> {
    const abortSignal = AbortSignal.timeout(listWithinMs);
    const found = new Map<string, ListedPrice>();
    let NextToken: string | undefined;
    let unreadable = 0;
    for (let page = 0; page < mostPages; page += 1) {
      meter().add('pricing');
      const command = new GetProductsCommand({
        ServiceCode: 'AmazonEC2',
        FormatVersion: 'aws_v1',
        MaxResults: 100,
        Filters: [...plainLinux, ...filters],
        ...(NextToken && { NextToken }),
      });
      const answer = await client.send(command, { abortSignal }).catch((error: unknown) => {
        throw asUnavailable(error);
      });
      for (const text of answer.PriceList ?? []) {
        const read = readProduct(String(text));
        if (read === 'unreadable') unreadable += 1;
        else if (read !== 'unpriced') found.set(...read);
      }
      NextToken = answer.NextToken;
      if (!NextToken) break;
    }
    // That it can't be read is not that it is not sold.
    if (found.size === 0 && unreadable > 0)
      throw new ProviderError('ProviderUnavailable', 'the price list answers what nobody can read');
    return found;
  }

  return {
    source: 'aws-price-list',
    price: async (region, instanceType) =>
      (await ask([is('regionCode', region), is('instanceType', instanceType)])).get(instanceType),
    prices: (region) => ask([is('regionCode', region)]),
  };
}
