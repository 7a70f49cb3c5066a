import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAwsPriceList, createPricingClient } from '../../../functions/compute/providers/aws/price-list.ts';
import type { PriceCatalog } from '../../../functions/compute/providers/prices.ts';
import { type PriceList, startPriceList } from '../../support/price-list.ts';
import { createFakePrices } from './fake-catalog.ts';
import { priceContract } from './price-contract.ts';

const fake = createFakePrices();
priceContract('the fake', () => ({
  prices: fake,
  list(region, type, hourly) {
    const listed = fake.listed.get(region) ?? new Map();
    fake.listed.set(region, listed.set(type, { hourly, currency: 'USD' }));
  },
  setDown: (down) => {
    fake.down = down;
  },
}));

let list: PriceList;
let aws: PriceCatalog;
beforeAll(async () => {
  list = await startPriceList();
  const credentials = { accessKeyId: 'platform', secretAccessKey: 'platform' };
  aws = createAwsPriceList(createPricingClient('eu-west-1', { endpoint: list.endpoint, credentials }));
});
afterAll(() => list?.stop());

priceContract('AWS Price List', () => ({
  prices: aws,
  list: (region, instanceType, hourly) =>
    void list.products.push({ region, instanceType, hourly: Number(hourly).toFixed(10) }),
  setDown: (down) => {
    list.fault = down ? 'throttled' : undefined;
  },
}));

describe('AWS Price List', () => {
  it('is asked for plain Linux on shared hardware, so that no other product of the type is taken for it', async () => {
    const other = (attributes: Record<string, string>, hourly: string) =>
      list.products.push({ region: 'eu-central-1', instanceType: 't3.micro', hourly, attributes });
    other({ operatingSystem: 'Windows' }, '0.0212000000');
    other({ tenancy: 'Dedicated' }, '0.0128000000');
    other({ preInstalledSw: 'SQL Web' }, '0.0804000000');
    other({ capacitystatus: 'UnusedCapacityReservation' }, '0.0120000000');
    other({}, '0.0120000000');
    expect(await aws.price('eu-central-1', 't3.micro')).toEqual({ hourly: '0.012', currency: 'USD' });
    expect(list.requests.at(-1)).toMatchObject({
      target: 'AWSPriceListService.GetProducts',
      filters: { regionCode: 'eu-central-1', instanceType: 't3.micro', operatingSystem: 'Linux', tenancy: 'Shared' },
    });
  });

  it('takes no price of nothing, and none that is not of an hour', async () => {
    list.products.push({ region: 'west', instanceType: 'zero', hourly: '0.0000000000' });
    list.products.push({ region: 'west', instanceType: 'monthly', hourly: '5.0000000000', unit: 'Quantity' });
    expect((await aws.prices('west')).size).toBe(0);
  });

  it('that answers what nobody can read does not answer: that is not a type that is not sold', async () => {
    list.fault = 'garbage';
    const unreadable = { name: 'ProviderUnavailable' };
    await expect(aws.prices('north')).rejects.toMatchObject(unreadable);
    await expect(aws.price('north', 'small')).rejects.toMatchObject(unreadable);
    list.fault = undefined;
  });

  it.each(['denied', 'dropped'] as const)('that is %s does not answer', async (fault) => {
    list.fault = fault;
    await expect(aws.prices('north')).rejects.toMatchObject({ name: 'ProviderUnavailable' });
    list.fault = undefined;
  });

  it('is asked at the endpoint next to the stage', async () => {
    const regionOf = (stage: string) => createPricingClient(stage).config.region();
    expect(await Promise.all(['eu-west-1', 'ap-northeast-2', 'us-west-2', 'sa-east-1'].map(regionOf))).toEqual([
      'eu-central-1',
      'ap-south-1',
      'us-east-1',
      'us-east-1',
    ]);
  });
});
