import type { DynamoDBRecord } from 'aws-lambda';
import type { InternalEvent } from '../../../contracts/internal-events.ts';
import type { RelayedType } from '../../../contracts/relayed-types.ts';
import type { Derive, Effect, Publish, Start } from './effect.ts';
import type { EventBus } from './event-bus.ts';
import { readChange } from './read-change.ts';
import { relayedEvent } from './relayed-event.ts';
import type { StateMachines } from './state-machines.ts';

/** The rule of each relayed type. */
export type Derivations = Readonly<Record<RelayedType, Derive>>;

export interface RelayDependencies {
  derivations: Derivations;
  bus: EventBus;
  machines: StateMachines;
}

interface Derived<Result> {
  record: DynamoDBRecord;
  effect: Result;
}

function toldBy(effect: Effect): (Publish | InternalEvent)[] {
  if ('publish' in effect) return [effect.publish];
  return 'notify' in effect ? [effect.notify] : [];
}

/**
 * Does what follows from each change; answers the records of which something could not be done, and why. One never
 * hinders another. What is done twice is harmless: an event keeps its id, an execution its name.
 */
export async function relayChanges(
  records: readonly DynamoDBRecord[],
  { derivations, bus, machines }: RelayDependencies,
): Promise<Map<DynamoDBRecord, unknown>> {
  const failed = new Map<DynamoDBRecord, unknown>();
  const events: Derived<ReturnType<typeof relayedEvent>>[] = [];
  const starts: Derived<Start>[] = [];
  for (const record of records) {
    try {
      const change = readChange(record);
      if (change === undefined) continue;
      const effects = (derivations as Partial<Record<string, Derive>>)[change.type]?.(change) ?? [];
      const told = effects.flatMap(toldBy);
      events.push(...told.map((one, nth) => ({ record, effect: relayedEvent(one, change, nth) })));
      starts.push(...effects.flatMap((effect) => ('start' in effect ? [{ record, effect: effect.start }] : [])));
    } catch (error) {
      failed.set(record, error);
    }
  }
  const [unpublished, unstarted] = await Promise.all([
    bus.publish(events.map(({ effect }) => effect)),
    machines.start(starts.map(({ effect }) => effect)),
  ]);
  for (const [nth, { record }] of events.entries())
    if (unpublished[nth] !== undefined) failed.set(record, unpublished[nth]);
  for (const [nth, { record }] of starts.entries())
    if (unstarted[nth] !== undefined) failed.set(record, unstarted[nth]);
  return failed;
}
