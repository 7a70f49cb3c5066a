import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';

const table = new DynamoDBClient({});
let failuresLeft = 2;

const hold = { pk: { S: 'hold' }, sk: { S: '-' } };

/**
 * Writes down each record it was given, under the key of the item that changed; reports `fails-twice` as failed twice. Fails while the item `hold` is
 * there.
 */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const held = await table.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key: hold }));
  if (held.Item !== undefined) throw new Error('held');
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
