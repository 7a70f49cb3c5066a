import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import type { PriceCatalog } from '../../../functions/compute/providers/prices.ts';

export interface PriceSubject {
  prices: PriceCatalog;
  /** Sells this, from now on. */
  list(region: string, instanceType: string, hourly: string): void;
  /** From now on, or until it is taken back. */
  setDown(down: boolean): void;
}

/** What the price catalog of every provider must do, run on each of them. */
export function priceContract(name: string, subject: () => PriceSubject): void {
  describe(`${name}, its prices`, () => {
    it('are those of the region, written plainly', async () => {
      subject().list('north', 'small', '0.012');
      subject().list('south', 'small', '0.02');
      expect(await subject().prices.price('north', 'small')).toEqual({ hourly: '0.012', currency: 'USD' });
      expect(await subject().prices.price('south', 'small')).toEqual({ hourly: '0.02', currency: 'USD' });
    });

    it('of a region come whole', async () => {
      for (let n = 0; n < 250; n += 1) subject().list('east', `type-${n}`, `${n + 1}`);
      const all = await subject().prices.prices('east');
      expect(all.size).toBe(250);
      expect(all.get('type-249')).toEqual({ hourly: '250', currency: 'USD' });
    });

    it('are not there for what is not sold', async () => {
      expect(await subject().prices.price('north', 'no-such-type')).toBeUndefined();
      expect((await subject().prices.prices('nowhere')).size).toBe(0);
    });

    it('that nobody answers are an error, not nothing', async () => {
      subject().setDown(true);
      for (const ask of [() => subject().prices.price('north', 'small'), () => subject().prices.prices('north')]) {
        const failed = await ask().then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(failed).toBeInstanceOf(ProviderError);
        expect((failed as ProviderError).name).toBe('ProviderUnavailable');
      }
      subject().setDown(false);
      expect(await subject().prices.price('north', 'small')).toBeDefined();
    });

    it('say where they are from', () => {
      expect(subject().prices.source).not.toBe('');
    });
  });
}
