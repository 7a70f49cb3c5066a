import { describe, expect, it } from 'vitest';
import { newUser } from '../../../functions/identity/domain/user.ts';
import { matcherOf } from '../../../functions/identity/domain/user-filter.ts';

describe('a filter of users', () => {
  const now = new Date('2026-01-31T09:30:00.000Z');
  const minji = newUser({ id: '1', email: 'Minji@Example.com', name: 'Kim Minji', username: 'mj', role: 'admin', now });

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
