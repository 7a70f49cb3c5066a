import type { Change, Publish } from './effect.ts';

/** `source` of every event of ours on the bus. */
export const eventSource = 'skyclust';

/** `detail` of an event on the bus; `detail-type` repeats its type. */
export type RelayedEvent = Publish & {
  /** The stream's id of the change, and `-1`, `-2` for its further events: consumers drop one they have seen. */
  id: string;
  timestamp: string;
};

/** The same change always makes the same event: who gets it twice can tell. */
export const relayedEvent = (publish: Publish, { id, at }: Change, nth: number): RelayedEvent => ({
  ...publish,
  id: nth === 0 ? id : `${id}-${nth}`,
  timestamp: at,
});
