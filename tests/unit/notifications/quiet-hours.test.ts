import { describe, expect, it } from 'vitest';
import { quietSeconds } from '../../../functions/notifications/domain/quiet-hours.ts';

const night = { start: '22:00', end: '07:00' };
const at = (time: string) => new Date(`2026-02-01T${time}Z`);

describe('an e-mail in quiet hours', () => {
  it.each([
    ['21:59:59', 0],
    ['22:00:00', 9 * 3_600],
    ['23:30:30', 7.5 * 3_600 - 30],
    ['00:00:00', 7 * 3_600],
    ['06:59:30', 30],
    ['07:00:00', 0],
    ['12:00:00', 0],
  ])('that is due at %s waits %d seconds', (time, seconds) => {
    expect(quietSeconds({ quiet_hours: night, time_zone: 'UTC' }, at(time))).toBe(seconds);
  });

  it('goes by the clock of its user', () => {
    // 22:30 in Seoul.
    expect(quietSeconds({ quiet_hours: night, time_zone: 'Asia/Seoul' }, at('13:30:00'))).toBe(8.5 * 3_600);
    expect(quietSeconds({ quiet_hours: night, time_zone: 'Asia/Seoul' }, at('23:00:00'))).toBe(0);
  });

  it('knows hours within one day, and none', () => {
    const noon = { start: '12:00', end: '13:00' };
    expect(quietSeconds({ quiet_hours: noon, time_zone: 'UTC' }, at('12:15:00'))).toBe(45 * 60);
    expect(quietSeconds({ quiet_hours: noon, time_zone: 'UTC' }, at('13:00:00'))).toBe(0);
    expect(quietSeconds({ quiet_hours: null, time_zone: 'UTC' }, at('03:00:00'))).toBe(0);
  });
});
