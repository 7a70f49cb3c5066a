import type { InternalEvent } from '../../../contracts/internal-events.ts';
import type { EventData, EventType } from '../../../contracts/realtime/events.ts';
import type { Item } from '../table/types.ts';

/** What has become of one item of the table, as its stream tells it: in order for one item, at least once. */
export interface Change {
  /** The item's `type`: only items that have one arrive. */
  type: string;
  event: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Without it the item is new. */
  before?: Item;
  /** Without it the item is gone. */
  after?: Item;
  /** The stream's own id of the record: the same each time it is delivered. */
  id: string;
  /** When the table took the change, ISO 8601, exact to the second. */
  at: string;
}

interface PublishOf<Type extends EventType> {
  type: Type;
  /** Who is told: the members of this workspace as they are when it is sent, this user, or the admins. */
  workspace_id?: string;
  user_id?: string;
  audience?: 'admins';
  data: EventData<Type>;
  /**
   * Of the thing that the event is about. Events may overtake each other: a client drops one that is older than what it
   * holds.
   */
  version?: number;
}

export type Publish = { [Type in EventType]: PublishOf<Type> }[EventType];

export interface Start {
  machine: 'vm-lifecycle' | 'workspace-teardown';
  /**
   * Made from the thing and its version alone (`<vm id>-<version>`), so that a change that is delivered twice starts
   * one execution. At most 80 letters, digits, `-` and `_`. No two changes of a thing that each start something may
   * share one.
   */
  name: string;
  /** Ids only: it stays readable in the execution's history. */
  input: Readonly<Record<string, unknown>>;
}

/** What follows from a change outside the table. */
export type Effect = { publish: Publish } | { notify: InternalEvent } | { start: Start };

/** A context's own rule, pure: the effects of a change of one of its items. `vmChanged` is one. */
export type Derive = (change: Change) => Effect[];
