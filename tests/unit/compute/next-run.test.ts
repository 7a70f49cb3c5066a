import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../functions/compute/domain/schedule.ts';
import { faultOf, isTimeZone, nextRun } from '../../../functions/compute/schedule/next-run.ts';

const schedule = (start: string, time_zone: string): Schedule => ({
  workspace_id: 'w',
  start,
  stop: null,
  time_zone,
  enabled: true,
  version: 1,
  updated_at: null,
});

/** The next runs after a time, one after the other as firing them goes on. */
function runs(pattern: string, timeZone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let at = new Date(after);
  for (let n = 0; n < count; n += 1) {
    const next = nextRun(schedule(pattern, timeZone), 'start', at);
    if (next === undefined) break;
    found.push(next.toISOString().slice(0, 16));
    at = next;
  }
  return found;
}

describe('the next run of a schedule', () => {
  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['America/New_York', '30 2 * * *', '2026-03-07T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:30']],
  ])('in %s at a time that the clocks skip is when they go on', (zone, pattern, after, expected) => {
    expect(runs(pattern, zone, after, 2)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
  ])('in %s at a time that the clocks repeat is the first of the two, once', (zone, pattern, after, expected) => {
    expect(runs(pattern, zone, after, 2)).toEqual(expected);
  });

  it('of a schedule that is off, or has no such action, is none', () => {
    expect(nextRun({ ...schedule('0 8 * * *', 'UTC'), enabled: false }, 'start', new Date())).toBeUndefined();
    expect(nextRun(schedule('0 8 * * *', 'UTC'), 'stop', new Date())).toBeUndefined();
  });
});

describe('a pattern', () => {
  const now = new Date('2026-02-01T00:00:00Z');

  it.each(['0 8 * * 1-5', '0 8 * * MON-FRI', '*/5 * * * *', '15 6,18 1 * *'])('%s is taken', (pattern) => {
    expect(faultOf(pattern, 'Europe/Berlin', now)).toBeUndefined();
  });

  it.each([
    ['61 * * * *', /five fields/],
    ['* * * * * *', /five fields/],
    ['often', /five fields/],
    ['0 0 31 2 *', /never/],
    ['* * * * *', /5 minutes/],
    ['0,2 8 * * *', /5 minutes/],
  ])('%s is refused', (pattern, why) => {
    expect(faultOf(pattern, 'Europe/Berlin', now)).toMatch(why);
  });
});

it('knows time zones by their names', () => {
  expect([isTimeZone('Asia/Seoul'), isTimeZone('Nowhere/Else'), isTimeZone('')]).toEqual([true, false, false]);
});
