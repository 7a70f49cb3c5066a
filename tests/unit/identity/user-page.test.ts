import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newUser, type User } from '../../../functions/identity/domain/user.ts';
import { type ListedUser, matcherOf, readUsers, type UserPiece } from '../../../functions/identity/domain/user-page.ts';

const now = new Date('2026-01-31T09:30:00.000Z');
const userOf = (at: number, more: Partial<User> = {}): User => ({
  ...newUser({ id: `id-${at}`, username: `user ${at}`, email: `${at}@example.com`, role: 'user', now }),
  ...more,
});
const listed = (count: number): ListedUser[] =>
  Array.from({ length: count }, (_, at) => ({ place: String(at).padStart(5, '0'), user: userOf(at) }));

async function* inPieces(rows: readonly ListedUser[], size: number): AsyncGenerator<UserPiece> {
  for (let at = 0; at < Math.max(1, rows.length); at += size)
    yield { rows: rows.slice(at, at + size), ended: at + size >= rows.length };
}

describe('a page of users', () => {
  it('and those behind it hold every match once, in order, however they are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(5),
        fc.func(fc.boolean()),
        async (count, limit, size, skip, chooses) => {
          const rows = listed(count);
          const matches = ({ id }: User) => chooses(id);
          const found: string[] = [];
          let start: { place: string; skip: number } | undefined = { place: '', skip };
          while (start !== undefined) {
            const rest = rows.filter(({ place }) => place > (start?.place ?? ''));
            const page = await readUsers(inPieces(rest, size), { limit, skip: start.skip, countTo: 0 }, matches);
            expect(page.users.length).toBeLessThanOrEqual(limit);
            found.push(...page.users.map(({ id }) => id));
            start = page.next;
          }
          const all = rows.map(({ user }) => user).filter(matches);
          expect(found).toEqual(all.slice(skip).map(({ id }) => id));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts past its end as far as it is asked to', async () => {
    const rows = listed(30);
    const page = await readUsers(inPieces(rows, 7), { limit: 2, skip: 0, countTo: 11 }, () => true);
    expect([page.users.length, page.matched, page.ended]).toEqual([2, 11, false]);
    const whole = await readUsers(inPieces(rows, 7), { limit: 2, skip: 0, countTo: 1_001 }, () => true);
    expect([whole.matched, whole.ended, whole.next]).toEqual([30, true, { place: '00001', skip: 0 }]);
  });

  it('is short where the cap of reading is met, and says where to go on', async () => {
    const rows = listed(6_000);
    const page = await readUsers(inPieces(rows, 500), { limit: 5, skip: 0, countTo: 0 }, ({ id }) => id === 'id-4000');
    expect([page.users, page.ended, page.next]).toEqual([[], false, { place: '02499', skip: 0 }]);
  });
});

describe('a filter of users', () => {
  const minji = userOf(1, { email: 'Minji@Example.com', name: 'Kim Minji', username: 'mj', role: 'admin' });

  it.each([
    [{ q: 'MINJI@' }, true],
    [{ q: 'kim' }, true],
    [{ q: 'MJ' }, true],
    [{ q: 'inji' }, false],
    [{ role: ['admin', 'viewer'] as const }, true],
    [{ role: ['user'] as const }, false],
    [{ is_active: false }, false],
    [{ is_active: true, q: 'kim m', role: ['admin'] as const }, true],
    [{}, true],
  ])('%j is %s of her', (filter, passes) => {
    expect(matcherOf(filter)(minji)).toBe(passes);
  });
});
