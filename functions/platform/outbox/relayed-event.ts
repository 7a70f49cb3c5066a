import type { InternalEvent } from '../../../contracts/internal-events.ts';
import type { Change, Publish } from './effect.ts';

/** `source` of every event of ours on the bus. */
export const eventSource = 'skyclust';

/** `detail` of an event on the bus; `detail-type` repeats its type. */
export type RelayedEvent<Told extends Publish | InternalEvent = Publish | InternalEvent> = Told & {
  /** The stream's id of the change, and `-1`, `-2` for its further events: consumers drop one they have seen. */
  id: string;
  timestamp: string;
};

/** The same change always makes the same event: who gets it twice can tell. */
export const relayedEvent = (told: Publish | InternalEvent, { id, at }: Change, nth: number): RelayedEvent => ({
  ...told,
  id: nth === 0 ? id : `${id}-${nth}`,
  timestamp: at,
});
