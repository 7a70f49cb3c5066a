import type { DynamoDBRecord } from 'aws-lambda';
import { inParallel } from '../in-parallel.ts';
import { createSender, type QueueOptions } from '../queues/send-message.ts';

const atOnce = 10;

export interface FailedRecords {
  /** Keeps the raw records; answers for each why it could not, undefined where it did. Never throws. */
  keep(records: readonly DynamoDBRecord[]): Promise<unknown[]>;
}

export interface FailedRecordsOptions extends QueueOptions {
  /** What was down for a moment is up again by then. */
  delaySeconds?: number;
}

/**
 * Whole records, since Lambda's own failure destination holds positions in the stream only, and the stream forgets
 * after 24 h. One message each: a record may have up to 800 KB of images, and a batch takes 1 MiB in all.
 */
export function createFailedRecords({ delaySeconds = 30, ...queue }: FailedRecordsOptions): FailedRecords {
  const send = createSender(queue);
  return {
    keep: (records) =>
      inParallel(atOnce, records, async (record) => {
        try {
          await send(JSON.stringify(record), delaySeconds);
          return undefined;
        } catch (error) {
          return error;
        }
      }),
  };
}
