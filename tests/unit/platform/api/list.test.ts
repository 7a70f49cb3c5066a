import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../../functions/platform/api/list.ts';
import { fc } from '../../../support/properties.ts';

const thing = fc.record({ id: fc.uuid(), name: fc.constantFrom('a', 'b', 'c'), size: fc.integer() });
const things = fc.uniqueArray(thing, { selector: (t) => t.id, maxLength: 60 });
const sort = fc.record({
  field: fc.constantFrom('name', 'size', 'id'),
  direction: fc.constantFrom('asc' as const, 'desc' as const),
});

describe('the pages of a collection', () => {
  it('hold each thing once, in order, and count them all', () => {
    fc.assert(
      fc.property(things, sort, fc.integer({ min: 1, max: 20 }), (all, by, limit) => {
        const seen: string[] = [];
        for (let offset = 0; ; offset += limit) {
          const { page, pagination } = pageOf(all, { sort: by, limit, offset });
          seen.push(...page.map((t) => t.id));
          expect(pagination).toMatchObject({ total: all.length, has_prev: offset > 0 && all.length > 0 });
          if (!pagination.has_next) break;
        }
        expect(seen.toSorted()).toEqual(all.map((t) => t.id).toSorted());
        const whole = pageOf(all, { sort: by, limit: 100, offset: 0 }).page.map((t) => t.id);
        expect(seen).toEqual(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  it('break ties by id in the direction of the sort', () => {
    const all = ['1', '2', '3'].map((id) => ({ id, name: 'same' }));
    const ids = (direction: 'asc' | 'desc') =>
      pageOf(all, { sort: { field: 'name', direction }, limit: 10, offset: 0 }).page.map((t) => t.id);
    expect([ids('asc'), ids('desc')]).toEqual([
      ['1', '2', '3'],
      ['3', '2', '1'],
    ]);
  });
});
