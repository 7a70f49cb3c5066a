import { type EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';
import { eventSource, type RelayedEvent } from './relayed-event.ts';

/** EventBridge's limit of entries in one request. */
const mostEntries = 10;

export interface EventBus {
  /** Publishes in order; answers for each event why it was not taken, undefined where it was. Never throws. */
  publish(events: readonly RelayedEvent[]): Promise<unknown[]>;
}

export interface EventBusOptions extends Partial<Pace> {
  client: EventBridgeClient;
  busName: string;
}

const refusalIn = (entry: PutEventsResultEntry | undefined, { type, id }: RelayedEvent) =>
  entry?.EventId === undefined
    ? new Error(`cannot publish ${type} ${id}: ${entry?.ErrorCode}: ${entry?.ErrorMessage}`)
    : undefined;

export function createEventBus({ client, busName, ...pace }: EventBusOptions): EventBus {
  const entryOf = (event: RelayedEvent) => ({
    EventBusName: busName,
    Source: eventSource,
    DetailType: event.type,
    Detail: JSON.stringify(event),
    Time: new Date(event.timestamp),
  });

  /**
   * Sends until each event is taken or the tries are used up: an answer of 200 may hold refusals, and only those go
   * again.
   */
  async function put(events: readonly RelayedEvent[]): Promise<unknown[]> {
    const series = beginSeries(pace);
    const refused = new Map<RelayedEvent, unknown>();
    let left = events;
    try {
      while (left.length > 0) {
        const asked = left;
        const answer = await series.send((options) => {
          meter().add('events');
          return client.send(new PutEventsCommand({ Entries: asked.map(entryOf) }), options);
        });
        for (const [nth, event] of asked.entries()) refused.set(event, refusalIn(answer.Entries?.[nth], event));
        left = asked.filter((event) => refused.get(event) !== undefined);
        if (left[0] !== undefined) await series.pause(refused.get(left[0]));
      }
    } catch (error) {
      for (const event of left) refused.set(event, refused.get(event) ?? error);
    }
    return events.map((event) => refused.get(event));
  }

  return {
    async publish(events) {
      const refused: unknown[] = [];
      let down: unknown;
      for (let at = 0; at < events.length; at += mostEntries) {
        const entries = events.slice(at, at + mostEntries);
        const outcome = down === undefined ? await put(entries) : entries.map(() => down);
        refused.push(...outcome);
        // Whoever takes none of ten takes nothing now: the rest are not worth 2.5 s each.
        if (outcome.every((refusal) => refusal !== undefined)) down = outcome[0];
      }
      return refused;
    },
  };
}
