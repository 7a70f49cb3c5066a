import { describe, expect, it } from 'vitest';
import type { Session } from '../../../functions/identity/domain/session.ts';
import {
  expiredSessions,
  makeRoom,
  maxSessionsPerUser,
  type Sessions,
} from '../../../functions/identity/domain/sessions.ts';
import { fc } from '../../support/properties.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const seconds = now.getTime() / 1_000;
const endingIn = (wait: number): Session => ({
  hash: new Uint8Array(16),
  family: new Uint8Array(8),
  expires: seconds + wait,
  swaps: [],
});

describe('the sessions of a user', () => {
  it('make room by the oldest where there are ten', () => {
    const sessions = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`s${at}`, endingIn(1_000 - at)]));
    expect(makeRoom(sessions, now)).toEqual(['s9']);
  });

  it('make room by all that are over, first', () => {
    const sessions: Sessions = { old: endingIn(0), older: endingIn(-5), unreadable: undefined, live: endingIn(5) };
    expect(makeRoom(sessions, now).toSorted()).toEqual(['old', 'older', 'unreadable']);
    expect(expiredSessions(sessions, now).toSorted()).toEqual(['old', 'older', 'unreadable']);
  });

  it('are never more than ten with one more, and no living one goes that need not', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.uuid(), fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined }), { maxKeys: 30 }),
        (waits) => {
          const sessions: Sessions = Object.fromEntries(
            Object.entries(waits).map(([id, wait]) => [id, wait === undefined ? undefined : endingIn(wait)]),
          );
          const gone = makeRoom(sessions, now);
          const kept = Object.keys(sessions).filter((id) => !gone.includes(id));
          expect(kept.length + 1).toBeLessThanOrEqual(maxSessionsPerUser);
          const living = gone.filter((id) => (waits[id] ?? -1) > 0);
          if (living.length > 0) expect(kept.length + 1).toBe(maxSessionsPerUser);
          for (const id of living)
            for (const other of kept) expect(waits[id]).toBeLessThanOrEqual(waits[other] ?? Number.POSITIVE_INFINITY);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
