import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';

export type Image = Record<string, unknown>;

let number = 0;

/** A record of the table's stream, as Lambda hands it over. */
export function record(
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE',
  { before, after }: { before?: Image; after?: Image },
): DynamoDBRecord {
  number += 1;
  const image = (of: Image) => JSON.parse(JSON.stringify(marshall({ pk: 'P', sk: 'S', ...of })));
  return {
    eventID: `event-${number}`,
    eventName,
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: 1_767_225_600,
      SequenceNumber: String(1_000 + number),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
    },
  };
}

/** The record as it waits in the queue of failed ones. */
export const message = (of: DynamoDBRecord | string): SQSRecord =>
  ({
    messageId: `message-${typeof of === 'string' ? of : of.eventID}`,
    body: typeof of === 'string' ? of : JSON.stringify(of),
    eventSource: 'aws:sqs',
  }) as SQSRecord;
