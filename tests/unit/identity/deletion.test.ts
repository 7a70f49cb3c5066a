import { describe, expect, it } from 'vitest';
import { splitDeparture } from '../../../functions/identity/domain/deletion.ts';

const names = (count: number, kind: string) => Array.from({ length: count }, (_, at) => `${kind}-${at}`);
const ownWrites = 5;

describe('what goes with a deleted user', () => {
  const counts = [0, 1, 17, 23, 24, 47, 48, 50, 100];

  it.each([0, 1, 23])(
    'goes in one transaction of at most 100 writes beside %i belongings, the rest ahead',
    (things) => {
      for (const workspaces of counts.filter((count) => count <= 50)) {
        for (const memberships of counts) {
          const { own, memberships: left } = splitDeparture(names(workspaces, 'own'), names(memberships, 'of'), things);
          const writes = 5 * own.together.length + 2 * left.together.length + things + ownWrites;
          expect(writes).toBeLessThanOrEqual(100);
          expect([...own.together, ...own.before]).toEqual(names(workspaces, 'own'));
          expect([...left.together, ...left.before]).toEqual(names(memberships, 'of'));
          // Nothing goes ahead that still had room.
          if (own.before.length > 0) expect(writes).toBeGreaterThan(95);
          if (left.before.length > 0) expect(writes).toBeGreaterThan(98);
        }
      }
    },
  );
});
