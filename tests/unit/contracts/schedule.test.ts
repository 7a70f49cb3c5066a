import { expect, it } from 'vitest';
import { scheduleChange } from '../../../contracts/compute/schedule.ts';

const fits = (start: string) => scheduleChange.safeParse({ start, time_zone: 'Europe/Berlin', enabled: true }).success;

it.each(['0 8 * * 1-5', '*/15 * * * *', '0 8,18 1-7 JAN-mar Mon', '59 23 31 12 7', '05 08 01 01 0', '0-30/10 * * * *'])(
  '%s is a pattern of cron',
  (pattern) => {
    expect(fits(pattern)).toBe(true);
  },
);

it.each([
  '60 8 * * *',
  '0 24 * * *',
  '0 8 0 * *',
  '0 8 32 * *',
  '0 8 * 13 *',
  '0 8 * * 8',
  '0 8 * *',
  '0 8 * * * *',
  '-2,W / 8 o z',
  '',
])('%s is none', (pattern) => {
  expect(fits(pattern)).toBe(false);
});
