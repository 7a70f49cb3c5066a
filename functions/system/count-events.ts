import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Log } from '../platform/log.ts';
import { type BatchAnswer, failuresOf } from '../platform/queues/batch-answer.ts';
import { type CountableEvent, countsOf, sumCounts } from './domain/count.ts';
import type { CountStore } from './ports.ts';

export interface CountDependencies {
  counts: CountStore;
  now: () => Date;
  log: Pick<Log, 'error'>;
}

/** Another batch may be counting the same events; each turn at least one of them is done. */
const mostTurns = 10;

function readEvent({ body }: SQSRecord): CountableEvent {
  const { detail } = JSON.parse(body) as { detail?: Partial<CountableEvent> };
  if (typeof detail?.id !== 'string' || (detail.type !== 'thing_counted' && detail.type !== 'vm_status_changed'))
    throw new TypeError('cannot count an event: the message holds none');
  return detail as CountableEvent;
}

/** All in one transaction: the counts are one item, and transactions of a batch's events one by one would stand in each other's way. */
async function countAll({ counts, now }: CountDependencies, events: readonly CountableEvent[]): Promise<void> {
  const byId = new Map(events.map((event) => [event.id, event]));
  for (let turn = 1; turn <= mostTurns; turn += 1) {
    const done = await counts.counted([...byId.keys()]);
    const fresh = [...byId.values()].filter(({ id }) => !done.has(id));
    if (fresh.length === 0) return;
    const sum = sumCounts(fresh.map(countsOf));
    if (
      await counts.add(
        fresh.map(({ id }) => id),
        sum,
        now(),
      )
    )
      return;
  }
  throw new Error(`cannot count events: others were first ${mostTurns} times`);
}

/** The handler of the queue of events that are counted. Deliveries repeat: each event counts once. */
export const createEventCounter =
  (dependencies: CountDependencies) =>
  async ({ Records: messages }: SQSEvent): Promise<BatchAnswer> => {
    const failed = new Set<string>();
    const fail = (messageId: string, error: unknown) => {
      failed.add(messageId);
      dependencies.log.error('cannot count an event', { message_id: messageId, error });
    };
    const read = messages.flatMap((message) => {
      try {
        return [{ messageId: message.messageId, event: readEvent(message) }];
      } catch (error) {
        fail(message.messageId, error);
        return [];
      }
    });
    try {
      if (read.length > 0)
        await countAll(
          dependencies,
          read.map(({ event }) => event),
        );
    } catch (error) {
      for (const { messageId } of read) fail(messageId, error);
    }
    return failuresOf([...failed]);
  };
