import { describe, expect, it } from 'vitest';
import {
  type Addressed,
  decideAudience,
  type Person,
  type Rights,
} from '../../../functions/realtime/domain/audience.ts';
import type { Place } from '../../../functions/realtime/domain/presence.ts';

const now = 1_000;
const place = (of: Partial<Place> = {}): Place => ({ sid: 's', exp: now + 1, at: 1, on: [], off: [], ...of });
const rights = (of: Partial<Rights> = {}): Rights => ({
  role: 'user',
  active: true,
  memberships: { w: 'viewer' },
  sessions: { s: {} },
  ...of,
});
const person = (of: Partial<Person> = {}): Person => ({
  userId: 'u',
  rights: rights(),
  presence: { c: place() },
  ...of,
});

const seat = { userId: 'u', connectionId: 'c' };
const toWorkspace: Addressed = { workspace_id: 'w' };
const audienceOf = (event: Addressed, ...people: Person[]) => decideAudience(event, people, now);

describe('an event', () => {
  it('of a workspace goes to its members, of whatever role', () => {
    expect(audienceOf(toWorkspace, person())).toEqual({ send: [seat], end: [] });
    expect(audienceOf(toWorkspace, person({ rights: rights({ memberships: {} }) })).send).toEqual([]);
    expect(
      audienceOf(toWorkspace, person({ rights: rights({ memberships: { v: 'owner' }, role: 'admin' }) })).send,
    ).toEqual([]);
  });

  it('of a user goes to that user alone, and one for admins to who is admin now', () => {
    expect(audienceOf({ user_id: 'u' }, person({ rights: rights({ memberships: {} }) })).send).toEqual([seat]);
    expect(audienceOf({ user_id: 'other' }, person()).send).toEqual([]);
    expect(audienceOf({ audience: 'admins' }, person({ rights: rights({ role: 'admin' }) })).send).toEqual([seat]);
    expect(audienceOf({ audience: 'admins' }, person()).send).toEqual([]);
  });

  it('without an address goes to nobody', () => {
    expect(audienceOf({}, person({ rights: rights({ role: 'admin' }) }))).toEqual({ send: [], end: [] });
  });

  it('skips a connection that left the workspace out, but not when it is for the user as well', () => {
    const narrowed = person({ presence: { c: place({ off: ['workspace:w'] }) } });
    expect(audienceOf(toWorkspace, narrowed)).toEqual({ send: [], end: [] });
    expect(audienceOf({ workspace_id: 'w', user_id: 'u' }, narrowed).send).toEqual([seat]);
    expect(audienceOf(toWorkspace, person({ presence: { c: place({ on: ['workspace:x'] }) } })).send).toEqual([seat]);
  });

  it('never widens by a stored topic', () => {
    const stranger = person({ rights: rights({ memberships: {} }), presence: { c: place({ on: ['workspace:w'] }) } });
    expect(audienceOf(toWorkspace, stranger).send).toEqual([]);
  });

  it('skips a connection whose token has expired, which a fresh one brings back', () => {
    expect(audienceOf(toWorkspace, person({ presence: { c: place({ exp: now }) } }))).toEqual({ send: [], end: [] });
  });

  it('ends the connections of a session that is over, of a disabled and of a deleted user', () => {
    expect(audienceOf(toWorkspace, person({ rights: rights({ sessions: { other: {} } }) }))).toEqual({
      send: [],
      end: [seat],
    });
    expect(audienceOf(toWorkspace, person({ rights: rights({ active: false }) }))).toEqual({ send: [], end: [seat] });
    expect(audienceOf(toWorkspace, person({ rights: undefined }))).toEqual({ send: [], end: [seat] });
  });

  it('is not fooled by names that every object has', () => {
    const odd = person({ presence: { c: place({ sid: 'constructor' }) } });
    expect(audienceOf({ workspace_id: 'toString' }, odd)).toEqual({ send: [], end: [seat] });
  });

  it('reaches each of a user’s connections by its own session', () => {
    const presence = { c: place(), d: place({ sid: 'gone' }), e: place({ exp: 1 }) };
    expect(audienceOf(toWorkspace, person({ presence }), person({ userId: 'v', presence: undefined }))).toEqual({
      send: [seat],
      end: [{ userId: 'u', connectionId: 'd' }],
    });
  });
});
