import type { SQSEvent } from 'aws-lambda';
import type { Log } from '../log.ts';
import { type BatchAnswer, eachMessage } from '../queues/batch-answer.ts';
import type { RelayedEvent } from './relayed-event.ts';

/**
 * The handler of a queue that a rule of the bus fills. What fails, alone, is delivered again, and after its tries waits for a person; a message that holds no
 * event, too. Deliveries repeat, so the work must be harmless when it is done twice.
 */
export const consumeEvents =
  <Told extends { type: string }>(work: (event: Told, body: string) => Promise<void>, log: Pick<Log, 'error'>) =>
  ({ Records: messages }: SQSEvent): Promise<BatchAnswer> =>
    eachMessage(messages, {
      work: async ({ body }) => work(readEvent<Told>(body), body),
      log,
      failure: 'cannot handle an event',
    });

/** The bus writes its own envelope around it. */
function readEvent<Told>(body: string): Told {
  const { detail } = JSON.parse(body) as { detail?: Partial<RelayedEvent> };
  if (typeof detail?.type !== 'string') throw new TypeError('cannot read an event: the message holds none');
  return detail as Told;
}
