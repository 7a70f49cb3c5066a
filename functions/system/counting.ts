import type { CountedThing } from '../../contracts/internal-events.ts';
import type { Change, Derive, Effect } from '../platform/outbox/effect.ts';

function countOf(thing: CountedThing, { event }: Change): Effect[] {
  if (event === 'MODIFY') return [];
  return [{ notify: { type: 'thing_counted', thing, change: event === 'INSERT' ? 1 : -1 } }];
}

/** A context's own rule, and behind it that the stage has one of these more, or one fewer. */
export const counting =
  (thing: CountedThing, derive: Derive = () => []): Derive =>
  (change) => [...derive(change), ...countOf(thing, change)];
