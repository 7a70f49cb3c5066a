import { describe, expect, it } from 'vitest';
import { splitMemberships } from '../../../functions/identity/domain/deletion.ts';

const memberships = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`ws-${at}`, 'member']));
const ownWrites = 5;

describe("a deleted user's memberships", () => {
  it('go in one transaction of at most 100 writes, the rest before it', () => {
    for (const count of [0, 1, 47, 48, 100]) {
      const { before, together } = splitMemberships(memberships(count));
      expect(before.length + Object.keys(together).length).toBe(count);
      expect(2 * Object.keys(together).length + ownWrites).toBeLessThanOrEqual(100);
      expect(before.length).toBe(Math.max(0, count - 47));
    }
  });
});
