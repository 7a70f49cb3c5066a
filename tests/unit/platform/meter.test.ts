import { describe, expect, it } from 'vitest';
import { meter, meterText, runMetered } from '../../../functions/platform/meter.ts';

describe('the meter', () => {
  it('counts what one request spends, however requests interleave', async () => {
    const request = (amount: number) =>
      runMetered(async (own) => {
        for (let turn = 0; turn < 10; turn += 1) {
          meter().add('wcu', amount);
          await Promise.resolve();
        }
        return own.read('wcu');
      });
    expect(await Promise.all([request(1), request(2), request(0.5)])).toEqual([10, 20, 5]);
  });

  it('takes what is spent outside of a request and tells nothing', () => {
    meter().add('trips');
    expect(meter().read('trips')).toBe(0);
  });

  it('reads as a header', () => {
    const text = runMetered((own) => {
      meter().add('trips');
      meter().add('rcu', 1.5);
      meter().add('sqs');
      return meterText(own);
    });
    expect(text).toBe('trips=1;wcu=0;rcu=1.5;kms=0');
  });
});
