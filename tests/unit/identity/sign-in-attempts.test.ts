import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  attemptMark,
  attemptWindowSeconds,
  staleMarks,
  waitSeconds,
} from '../../../functions/identity/domain/sign-in-attempts.ts';
import { fc } from '../../support/properties.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const mark = (seconds: number) => attemptMark(ago(seconds), randomUUID());

describe('a failed attempt', () => {
  it('counts for 15 minutes', () => {
    const [fresh, stale] = [mark(attemptWindowSeconds - 1), mark(attemptWindowSeconds)];
    expect(staleMarks([fresh, stale], now)).toEqual([stale]);
  });

  it('is marked by 15 characters, now as in a thousand years', () => {
    for (const time of [now, new Date('2038-12-24'), new Date('3026-01-01')])
      expect(attemptMark(time, randomUUID())).toHaveLength(15);
    expect(
      staleMarks([attemptMark(new Date('2039-01-01T00:00:00Z'), randomUUID())], new Date('2039-01-01T00:14:59Z')),
    ).toEqual([]);
  });

  it('lets the next one wait until fewer than the limit are left', () => {
    expect(waitSeconds([mark(100), mark(200), mark(300)], 3, now)).toBe(attemptWindowSeconds - 300);
    expect(waitSeconds([mark(100), mark(200), mark(300)], 2, now)).toBe(attemptWindowSeconds - 200);
    expect(waitSeconds([mark(100), mark(200), mark(attemptWindowSeconds)], 3, now)).toBe(0);
    expect(waitSeconds([], 1, now)).toBe(0);
  });

  it('never lets a limit be passed in any 15 minutes, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (ages, most) => {
          const marks = ages.map(mark);
          const fresh = ages.filter((age) => age < attemptWindowSeconds).length;
          const wait = waitSeconds(marks, most, now);
          expect(wait > 0).toBe(fresh >= most);
          if (wait === 0) return;
          const stillFresh = (later: number) => marks.length - staleMarks(marks, ago(-later)).length;
          expect(stillFresh(wait)).toBeLessThan(most);
          expect(stillFresh(wait - 1)).toBeGreaterThanOrEqual(most);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
