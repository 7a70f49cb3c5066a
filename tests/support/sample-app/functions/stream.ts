import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';

const table = new DynamoDBClient({});
let failuresLeft = 2;

/** Writes down each record it was given, under the key of the item that changed; reports `fails-twice` as failed twice. */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  for (const { eventID, dynamodb } of Records) {
    const pk = dynamodb?.Keys?.pk?.S;
    if (pk === 'fails-twice' && failuresLeft-- > 0) {
      return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] };
    }
    const Item = { pk: { S: `seen#${pk}` }, sk: { S: eventID ?? '' }, type: { S: 'seen' } };
    await table.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item }));
  }
  return { batchItemFailures: [] };
};
