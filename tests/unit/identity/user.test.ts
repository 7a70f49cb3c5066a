import { describe, expect, it } from 'vitest';
import {
  actsAsAdmin,
  changeUser,
  isNamedAdmin,
  newUser,
  previousEmails,
  proveAddress,
  replacePassword,
  seeksAdmin,
  type User,
  viewOf,
} from '../../../functions/identity/domain/user.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const later = new Date('2026-01-31T10:30:00.000Z');
const minji = newUser({
  id: 'id-1',
  username: 'minji',
  name: 'Kim Minji',
  email: 'Minji@Example.com',
  role: 'user',
  now,
});

describe('a new user', () => {
  it('has of username and name the one that was given in both places', () => {
    const base = { id: 'id-1', email: 'a@example.com', role: 'user', now } as const;
    expect(newUser({ ...base, username: '민지' })).toMatchObject({ username: '민지', name: '민지' });
    expect(newUser({ ...base, name: 'Kim Minji' })).toMatchObject({ username: 'Kim Minji', name: 'Kim Minji' });
    expect(newUser({ ...base, username: 'minji', name: 'Kim' })).toMatchObject({ username: 'minji', name: 'Kim' });
  });

  it('is active, local, unverified and of version 1, and keeps its address as it was written', () => {
    expect(viewOf(minji)).toEqual({
      id: 'id-1',
      username: 'minji',
      name: 'Kim Minji',
      email: 'Minji@Example.com',
      email_verified: false,
      role: 'user',
      is_active: true,
      provider: 'LOCAL',
      profile_image: null,
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    });
    expect(minji.version).toBe(1);
  });
});

describe('a change of a user', () => {
  it('makes the next version', () => {
    const next = changeUser(minji, { name: 'Lee Minji', profile_image: 'https://example.com/a.png' }, later);
    expect(next).toEqual({
      ...minji,
      name: 'Lee Minji',
      profile_image: 'https://example.com/a.png',
      version: 2,
      updated_at: later.toISOString(),
    });
  });

  it('that changes nothing is none', () => {
    expect(changeUser(minji, {}, later)).toBe(minji);
    expect(changeUser(minji, { name: 'Kim Minji', role: 'user', profile_image: null, email: undefined }, later)).toBe(
      minji,
    );
  });

  it('of the address takes back its verification, unless it differs in case alone', () => {
    const verified = { ...minji, email_verified: true };
    expect(changeUser(verified, { email: 'minji@example.org' }, later).email_verified).toBe(false);
    const recased = changeUser(verified, { email: 'MINJI@example.com' }, later);
    expect(recased).toMatchObject({ email: 'MINJI@example.com', email_verified: true, version: 2 });
  });
});

describe('an address that a user has left', () => {
  const verified = { ...minji, email_verified: true };
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
  const move = (user: User, email: string, at: Date) => changeUser(user, { email }, at);
  const prove = (user: User, at: Date) => proveAddress(user, at);
  const left = (user: User, at: Date) => previousEmails(user, at).map(({ email }) => email);

  it('is known for a week where it was verified, and shown to nobody', () => {
    const moved = move(verified, 'b@example.com', now);
    expect(moved.previous_emails).toEqual([{ email: minji.email, left_at: now.toISOString() }]);
    expect(left(moved, days(6.99))).toEqual([minji.email]);
    expect(left(moved, days(7))).toEqual([]);
    expect(viewOf(moved)).not.toHaveProperty('previous_emails');
    expect(move(minji, 'b@example.com', now)).not.toHaveProperty('previous_emails');
    expect(changeUser(verified, { email: minji.email.toUpperCase() }, now)).not.toHaveProperty('previous_emails');
  });

  it('stays with whatever else changes, and goes with the first change after the week', () => {
    const moved = move(verified, 'b@example.com', now);
    const changes = [
      (at: Date) => changeUser(moved, { name: 'Lee' }, at),
      (at: Date) => replacePassword(moved, at),
      (at: Date) => proveAddress(moved, at, { newPassword: true }),
      (at: Date) => move(moved, 'c@example.com', at),
    ];
    for (const change of changes) {
      expect(left(change(days(6)), days(6))).toEqual([minji.email]);
      expect(change(days(8))).not.toHaveProperty('previous_emails');
    }
  });

  it('is not pushed out by moving on and on, and stands there once', () => {
    let user = verified;
    for (const name of ['b', 'c', 'd', 'e', 'f']) user = prove(move(user, `${name}@example.com`, now), now);
    expect(left(user, now)).toEqual([minji.email, 'b@example.com', 'c@example.com']);
    const back = prove(move(prove(move(verified, 'b@example.com', now), now), minji.email, now), now);
    const again = move(back, 'c@example.com', days(1));
    expect(again.previous_emails).toEqual([
      { email: 'b@example.com', left_at: now.toISOString() },
      { email: minji.email, left_at: days(1).toISOString() },
    ]);
  });
});

describe('the first admin', () => {
  it('is whoever comes first where no address is set', () => {
    expect(seeksAdmin({ adminsExist: false, adminEmail: '' })).toBe(true);
    expect(seeksAdmin({ adminsExist: true, adminEmail: '' })).toBe(false);
  });

  it('is nobody who registers where an address is set: anyone can register with it', () => {
    expect(seeksAdmin({ adminsExist: false, adminEmail: 'minji@example.com' })).toBe(false);
  });

  it('is who has proven the address that is set, in whatever case, and nobody else', () => {
    const proven = { ...minji, email_verified: true };
    expect(isNamedAdmin(proven, 'MINJI@Example.com')).toBe(true);
    expect(isNamedAdmin(minji, minji.email)).toBe(false);
    expect(isNamedAdmin(proven, 'kim@example.com')).toBe(false);
    expect(isNamedAdmin(proven, '')).toBe(false);
    expect(isNamedAdmin({ ...proven, role: 'admin' }, minji.email)).toBe(false);
  });

  it('counts as one only while active', () => {
    expect(actsAsAdmin({ role: 'admin', is_active: true })).toBe(true);
    expect(actsAsAdmin({ role: 'admin', is_active: false })).toBe(false);
    expect(actsAsAdmin({ role: 'viewer', is_active: true })).toBe(false);
  });
});
