import { describe, expect, it } from 'vitest';
import { maxConnectionsPerUser } from '../../../contracts/realtime/client-messages.ts';
import { type Place, type Presence, planClaim } from '../../../functions/realtime/domain/presence.ts';
import { fc } from '../../support/properties.ts';

const now = 1_000;
const place = (at: number, exp = now + 60): Place => ({ sid: 's', exp, at, on: [], off: [] });
const presenceOf = (places: Place[]): Presence => Object.fromEntries(places.map((of, nth) => [`c${nth}`, of]));
const full = Array.from({ length: maxConnectionsPerUser }, (_, nth) => place(100 - nth));

describe('a connection that claims a place', () => {
  it('makes the presence, renews its place or joins', () => {
    expect(planClaim(undefined, 'new', now)).toEqual({ kind: 'first' });
    expect(planClaim(presenceOf([place(1)]), 'c0', now)).toEqual({ kind: 'renew' });
    expect(planClaim(presenceOf([place(1)]), 'new', now)).toEqual({ kind: 'join', evict: [] });
    expect(planClaim({}, 'new', now)).toEqual({ kind: 'join', evict: [] });
  });

  it('takes the place of the oldest where there is no room', () => {
    expect(planClaim(presenceOf(full), 'new', now)).toEqual({ kind: 'join', evict: ['c9'] });
  });

  it('takes the place of one whose token has expired before that of an older one', () => {
    const places = full.with(3, place(500, now));
    expect(planClaim(presenceOf(places), 'new', now)).toEqual({ kind: 'join', evict: ['c3'] });
  });

  it('leaves at most ten, whatever was there', () => {
    const places = fc.array(fc.record({ at: fc.nat(), exp: fc.nat(2_000) }), { maxLength: 40 });
    fc.assert(
      fc.property(places, (given) => {
        const presence = presenceOf(given.map(({ at, exp }) => place(at, exp)));
        const claim = planClaim(presence, 'new', now);
        const evicted = claim.kind === 'join' ? claim.evict : [];
        expect(given.length + 1 - evicted.length).toBeLessThanOrEqual(maxConnectionsPerUser);
        expect(evicted.length === 0 || given.length >= maxConnectionsPerUser).toBe(true);
        expect(new Set(evicted).size).toBe(evicted.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
