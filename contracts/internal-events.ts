/** What functions of ours are told over the bus, by type. No client is sent any: those events are in realtime/events.ts. */
export const internalEventTypes = ['user_changed', 'member_added'] as const;
export type InternalEventType = (typeof internalEventTypes)[number];

/** Ids and versions alone: whoever is told reads the thing as it is by then. */
export type InternalEvent =
  /** A user's name or address is another. */
  | { type: 'user_changed'; user_id: string; version: number }
  /** A workspace has a member more. */
  | { type: 'member_added'; workspace_id: string; user_id: string };
