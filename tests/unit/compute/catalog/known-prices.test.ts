import { describe, expect, it } from 'vitest';
import {
  catalogCaches,
  type KeptPrice,
  kept,
  priceKey,
  regionPricesKey,
  typesKey,
} from '../../../../functions/compute/catalog/caches.ts';
import { costOf, hourlyPrice, monthlyCost, typeOf } from '../../../../functions/compute/catalog/index.ts';
import { fileDate, priceInFile, typeInFile, typesInFile } from '../../../../functions/compute/catalog/price-file.ts';
import { plain } from '../../../../functions/compute/domain/decimal.ts';
import { createMemoryTable } from '../../audit/memory-table.ts';

const region = 'eu-central-1';
const listed = (hourly: string): KeptPrice => ({ hourly, currency: 'USD', source: 'aws-price-list' });

function scene() {
  const time = { at: new Date('2026-11-01T00:00:00Z') };
  const uses = { table: createMemoryTable(), now: () => time.at };
  const pass = (days: number) => {
    time.at = new Date(time.at.getTime() + days * 86_400_000);
  };
  return { uses, pass, caches: catalogCaches(uses), price: hourlyPrice(uses), type: typeOf(uses) };
}

describe('the price file', () => {
  it('has the price of the golden estimate, with its day as the source', async () => {
    const price = await scene().price('aws', region, 't3.micro');
    expect(price).toEqual({
      hourly: '0.012',
      currency: 'USD',
      source: `file:${fileDate}`,
      at: `${fileDate}T00:00:00.000Z`,
    });
    expect(price && costOf(price, 720)).toBe(8.64);
    expect(price && monthlyCost(price)).toBe(8.76);
  });

  it('has a price for each of its types in each of its regions, written plainly', () => {
    for (const name of typesInFile('aws')) {
      for (const where of ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-northeast-2']) {
        const hourly = priceInFile('aws', where, name)?.hourly ?? 'none';
        expect(plain(hourly), `${name} in ${where}`).toBe(hourly);
      }
    }
  });

  it('does not guess', async () => {
    const { price, type } = scene();
    expect(await price('aws', 'sa-east-1', 't3.micro')).toBeUndefined();
    expect(await price('aws', region, 'p5.48xlarge')).toBeUndefined();
    expect(await price('aws', region, 'constructor')).toBeUndefined();
    expect(await type('aws', region, 'constructor')).toBeUndefined();
    expect(typeInFile('aws', 'm5.xlarge')).toEqual({ vcpus: 4, memory_mb: 16_384 });
  });
});

describe('a price that the cache has', () => {
  it('wins over the file, with the day on which it was taken, old ones too', async () => {
    const { caches, price, pass } = scene();
    await caches.prices.set(priceKey('aws', region, 't3.micro'), listed('0.0125'), kept);
    const known = { hourly: '0.0125', currency: 'USD', source: 'aws-price-list', at: '2026-11-01T00:00:00.000Z' };
    expect(await price('aws', region, 't3.micro')).toEqual(known);
    pass(20);
    expect(await price('aws', region, 't3.micro')).toEqual(known);
    pass(20);
    expect(await price('aws', region, 't3.micro')).toMatchObject({ source: `file:${fileDate}` });
  });

  it('is the later one of the region’s list and the type’s own', async () => {
    const { caches, price, pass } = scene();
    await caches.prices.set(priceKey('aws', region, 'm9.huge'), listed('9'), kept);
    pass(1);
    await caches.prices.set(regionPricesKey('aws', region), { 'm9.huge': listed('10') }, kept);
    expect(await price('aws', region, 'm9.huge')).toMatchObject({ hourly: '10', at: '2026-11-02T00:00:00.000Z' });
    pass(1);
    await caches.prices.set(priceKey('aws', region, 'm9.huge'), listed('11'), kept);
    expect(await price('aws', region, 'm9.huge')).toMatchObject({ hourly: '11' });
  });

  it('of what the service does not sell is none, whatever the file says', async () => {
    const { caches, price } = scene();
    await caches.prices.set(regionPricesKey('aws', region), { 't3.nano': listed('0.006') }, kept);
    expect(await price('aws', region, 't3.micro')).toBeUndefined();
    expect(await price('aws', region, 'constructor')).toBeUndefined();
  });
});

describe('a type', () => {
  it('is as the catalog that was read last has it', async () => {
    const { caches, type } = scene();
    const rows = [{ name: 'm9.huge', vcpus: 192, memory_mb: 786_432, gpu: 0, hourly_cost: null, currency: null }];
    await caches.types.set(typesKey('aws', region), rows, kept);
    expect(await type('aws', region, 'm9.huge')).toEqual({ vcpus: 192, memory_mb: 786_432 });
    expect(await type('aws', 'eu-west-1', 'm9.huge')).toBeUndefined();
  });
});
