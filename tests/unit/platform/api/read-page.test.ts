import { describe, expect, it } from 'vitest';
import { type Piece, readPage, type TrailPage } from '../../../../functions/platform/api/read-page.ts';
import { fc } from '../../../support/properties.ts';

interface Entry {
  position: string;
  at: number;
}

const trailOf = (length: number): Entry[] =>
  Array.from({ length }, (_, at) => ({ position: String(at).padStart(5, '0'), at }));

async function* inPieces(entries: readonly Entry[], size: number): AsyncGenerator<Piece<Entry>> {
  for (let at = 0; at < entries.length; at += size) {
    const piece = entries.slice(at, at + size);
    yield { entries: piece, reached: piece.at(-1)?.position ?? '' };
  }
}

describe('a page of a trail', () => {
  it('and those behind it hold every match once, in order, however they are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(5),
        fc.func(fc.boolean()),
        async (count, limit, size, skip, chooses) => {
          const trail = trailOf(count);
          const matches = ({ at }: Entry) => chooses(at);
          const found: Entry[] = [];
          let start: { position: string; skip: number } | undefined = { position: '', skip };
          while (start !== undefined) {
            const rest = trail.filter(({ position }) => position > (start?.position ?? ''));
            const request = { limit, skip: start.skip, countTo: 0 };
            const page: TrailPage<Entry> = await readPage(inPieces(rest, size), request, matches);
            expect(page.entries.length).toBeLessThanOrEqual(limit);
            found.push(...page.entries);
            start = page.next;
          }
          expect(found).toEqual(trail.filter(matches).slice(skip));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts past its end as far as it is asked to', async () => {
    const trail = trailOf(30);
    const page = await readPage(inPieces(trail, 7), { limit: 2, skip: 0, countTo: 11 }, () => true);
    expect([page.entries.length, page.matched, page.ended]).toEqual([2, 11, false]);
    const whole = await readPage(inPieces(trail, 7), { limit: 2, skip: 0, countTo: 1_001 }, () => true);
    expect([whole.matched, whole.ended, whole.next]).toEqual([30, true, { position: '00001', skip: 0 }]);
  });

  it('is short where the cap of reading is met, and says where to go on', async () => {
    const far = ({ at }: Entry) => at === 4_000;
    const ofEntries = await readPage(inPieces(trailOf(6_000), 500), { limit: 5, skip: 0, countTo: 0 }, far);
    expect([ofEntries.entries, ofEntries.ended, ofEntries.next]).toEqual([[], false, { position: '02499', skip: 0 }]);
    const ofPieces = await readPage(inPieces(trailOf(6_000), 10), { limit: 5, skip: 0, countTo: 0 }, far);
    expect([ofPieces.entries, ofPieces.ended, ofPieces.next]).toEqual([[], false, { position: '00239', skip: 0 }]);
  });
});
