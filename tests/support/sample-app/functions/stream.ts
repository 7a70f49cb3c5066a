import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';

const table = new DynamoDBClient({});

/** Writes down each record it was given, under the key of the item that changed. */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
  for (const { eventID, dynamodb } of Records) {
    const Item = { pk: { S: `seen#${dynamodb?.Keys?.pk?.S}` }, sk: { S: eventID ?? '' }, type: { S: 'seen' } };
    await table.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item }));
  }
};
