import type { DynamoDBRecord, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import type { Log } from '../log.ts';
import { type BatchAnswer, failuresOf } from '../queues/batch-answer.ts';
import type { FailedRecords } from './failed-records.ts';
import { type RelayDependencies, relayChanges } from './relay-changes.ts';

export interface RelayOptions extends RelayDependencies {
  failedRecords: FailedRecords;
  log: Pick<Log, 'error'>;
}

/**
 * The handler of the table's stream and of the queue of failed records. What fails when it comes from the stream goes
 * to the queue, whole, so that nothing waits behind it; what fails when it comes from the queue stays there, is tried
 * again after its visibility timeout and ends in the dead-letter queue, from where a redrive sends it here once more.
 * Only when the queue takes nothing either does the stream itself wait.
 */
export function createRelay({ failedRecords, log, ...dependencies }: RelayOptions) {
  const tell = (failed: ReadonlyMap<DynamoDBRecord, unknown>) => {
    for (const [{ eventID, eventName }, error] of failed)
      log.error('cannot relay a change', { change: eventID, event: eventName, error });
  };

  async function relayStream({ Records: records }: DynamoDBStreamEvent): Promise<BatchAnswer> {
    const failed = await relayChanges(records, dependencies);
    tell(failed);
    const waiting = [...failed.keys()];
    const unkept = await failedRecords.keep(waiting);
    const lost = waiting.filter((_, nth) => unkept[nth] !== undefined);
    if (lost.length > 0)
      log.error('cannot keep failed records: the stream waits', { records: lost.length, error: unkept.find(Boolean) });
    return failuresOf(lost.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? ''));
  }

  async function relayQueue({ Records: messages }: SQSEvent): Promise<BatchAnswer> {
    const records = messages.map(({ body }) => readRecord(body));
    const failed = await relayChanges(records, dependencies);
    tell(failed);
    return failuresOf(
      messages.flatMap(({ messageId }, nth) => (failed.has(records[nth] as DynamoDBRecord) ? [messageId] : [])),
    );
  }

  return (event: DynamoDBStreamEvent | SQSEvent): Promise<BatchAnswer> =>
    isQueued(event) ? relayQueue(event) : relayStream(event);
}

const isQueued = (event: DynamoDBStreamEvent | SQSEvent): event is SQSEvent =>
  (event.Records[0] as { eventSource?: string } | undefined)?.eventSource === 'aws:sqs';

/** A body that is no record stays an empty one, which then fails as such. */
function readRecord(body: string): DynamoDBRecord {
  try {
    const record: unknown = JSON.parse(body);
    return typeof record === 'object' && record !== null ? (record as DynamoDBRecord) : {};
  } catch {
    return {};
  }
}
