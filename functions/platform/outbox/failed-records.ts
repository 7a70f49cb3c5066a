import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { inParallel } from '../in-parallel.ts';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';

const atOnce = 10;

export interface FailedRecords {
  /** Keeps the raw records; answers for each why it could not, undefined where it did. Never throws. */
  keep(records: readonly DynamoDBRecord[]): Promise<unknown[]>;
}

export interface FailedRecordsOptions extends Partial<Pace> {
  client: SQSClient;
  queueUrl: string;
  /** What was down for a moment is up again by then. */
  delaySeconds?: number;
}

/**
 * Whole records, since Lambda's own failure destination holds positions in the stream only, and the stream forgets
 * after 24 h. One message each: a record may have up to 800 KB of images, and a batch takes 1 MiB in all.
 */
export function createFailedRecords({
  client,
  queueUrl,
  delaySeconds = 30,
  ...pace
}: FailedRecordsOptions): FailedRecords {
  return {
    keep: (records) =>
      inParallel(atOnce, records, async (record) => {
        try {
          await beginSeries(pace).send((options) => {
            meter().add('sqs');
            return client.send(
              new SendMessageCommand({
                QueueUrl: queueUrl,
                MessageBody: JSON.stringify(record),
                DelaySeconds: delaySeconds,
              }),
              options,
            );
          });
          return undefined;
        } catch (error) {
          return error;
        }
      }),
  };
}
