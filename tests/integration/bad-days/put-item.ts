import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { FaultedStack } from './faulted-stack.ts';

/** Writes past the product and the proxy. */
export async function putItem({ client, outputs }: FaultedStack, item: Record<string, unknown>): Promise<void> {
  const dynamo = new DynamoDBClient(client);
  await dynamo.send(new PutItemCommand({ TableName: outputs.TableName, Item: marshall(item) }));
  dynamo.destroy();
}
