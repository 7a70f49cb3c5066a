import { describe, expect, it } from 'vitest';
import { nextDeletionStep } from '../../../functions/workspaces/domain/deletion.ts';
import type { Member } from '../../../functions/workspaces/domain/member.ts';
import { fc } from '../../support/properties.ts';

const people = (count: number, owners = 1): Member[] =>
  Array.from({ length: count }, (_, n) => ({
    user_id: `u${n}`,
    role: n < owners ? 'owner' : 'member',
    joined_at: '2026-01-01',
    version: 1,
  }));

describe('the next step of a deletion', () => {
  it('is the end where all fits in one transaction', () => {
    const fits = { members: people(23), credentials: 49, keep: [] };
    expect(nextDeletionStep(fits)).toEqual({ step: 'finish' });
    expect(nextDeletionStep({ ...fits, credentials: 50 })).toEqual({ step: 'drop_credentials', count: 50 });
    expect(nextDeletionStep({ ...fits, members: people(47), credentials: 1 }).step).toBe('finish');
    expect(nextDeletionStep({ ...fits, members: people(48), credentials: 0 }).step).toBe('drop_members');
  });

  it('drops owners after all others', () => {
    const next = nextDeletionStep({ members: people(60, 50), credentials: 0, keep: ['u0'] });
    expect(next.step).toBe('drop_members');
    const roles = next.step === 'drop_members' ? next.members.map(({ role }) => role) : [];
    expect(roles.slice(0, 10)).toEqual(Array(10).fill('member'));
  });

  it('comes to the end from anywhere, within DynamoDB’s limit, with those who can finish it kept', () => {
    const holding = fc.record({
      members: fc.integer({ min: 1, max: 100 }),
      owners: fc.integer({ min: 1, max: 100 }),
      credentials: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(holding, ({ members: count, owners, credentials: stored }) => {
        let [members, credentials, steps] = [people(count, owners), stored, 0];
        const keep = ['u0', `u${count - 1}`];
        for (;;) {
          const next = nextDeletionStep({ members, credentials, keep });
          steps += 1;
          expect(steps).toBeLessThanOrEqual(20);
          if (next.step === 'finish') break;
          if (next.step === 'drop_credentials') {
            expect(next.count).toBeGreaterThan(0);
            expect(1 + next.count).toBeLessThanOrEqual(100);
            credentials -= next.count;
          }
          if (next.step === 'drop_members') {
            expect(next.members.length).toBeGreaterThan(0);
            expect(1 + 2 * next.members.length).toBeLessThanOrEqual(100);
            members = members.filter((member) => !next.members.includes(member));
          }
        }
        expect(5 + 2 * members.length + credentials).toBeLessThanOrEqual(100);
        for (const user of keep) expect(members.map(({ user_id }) => user_id)).toContain(user);
      }),
      { numRuns: 1_000 },
    );
  });
});
