import { describe, expect, it } from 'vitest';
import { splitMemberships } from '../../../functions/identity/domain/deletion.ts';

const memberships = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`ws-${at}`, 'member']));
const ownWrites = 5;

describe("a deleted user's memberships", () => {
  it.each([0, 1, 23])(
    'go in one transaction of at most 100 writes beside %i belongings, the rest before it',
    (things) => {
      const most = Math.floor((95 - things) / 2);
      for (const count of [0, 1, most, most + 1, 100]) {
        const { before, together } = splitMemberships(memberships(count), things);
        expect(before.length + Object.keys(together).length).toBe(count);
        expect(2 * Object.keys(together).length + things + ownWrites).toBeLessThanOrEqual(100);
        expect(before.length).toBe(Math.max(0, count - most));
      }
    },
  );
});
