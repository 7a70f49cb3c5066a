import { DeleteItemCommand, DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Outputs } from '../../local/deploy/outputs.ts';
import type { SharedStack } from './global-setup.ts';

type Item = Record<string, unknown>;
type Stack = Pick<SharedStack, 'client' | 'outputs'>;

function tableOf({ TableName }: Outputs): string {
  if (TableName === undefined) throw new Error('cannot find the table: the stacks have no output TableName');
  return TableName;
}

/** All items of a partition, as they stand. */
export async function readItems({ client, outputs }: Stack, pk: string): Promise<Item[]> {
  const items: Item[] = [];
  const query = {
    TableName: tableOf(outputs),
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  };
  for await (const page of paginateQuery({ client: new DynamoDBClient(client) }, query)) {
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  }
  return items;
}

/** As if it had never been. */
export async function deleteItem({ client, outputs }: Stack, { pk, sk }: { pk: string; sk: string }): Promise<void> {
  const command = new DeleteItemCommand({ TableName: tableOf(outputs), Key: { pk: { S: pk }, sk: { S: sk } } });
  await new DynamoDBClient(client).send(command);
}

/** The whole table. */
export async function scanItems({ client, outputs }: Stack): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: new DynamoDBClient(client) }, { TableName: tableOf(outputs) })) {
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  }
  return items;
}
