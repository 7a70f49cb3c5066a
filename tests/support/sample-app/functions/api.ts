import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const table = new DynamoDBClient({});
const { TABLE_NAME: TableName, GREETING: greeting } = process.env;

const answer = (statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

class Refused extends Error {
  override name = 'Refused';
}

/** Echoes what it was called with; PUT and GET …/items/<id> keep a text; …/machines counts EC2's; …/throw throws; …/process tells which it is;
 * …/secret reads what its role does not let it read. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const path = event.rawPath;
  const id = path.split('/items/')[1];
  if (path.endsWith('/throw')) throw new Refused('on purpose');
  if (path.endsWith('/secret')) {
    const read = new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: 'sample-origin' }));
    return read.then(
      () => answer(200, { error: null }),
      (error: Error) => answer(200, { error: error.name }),
    );
  }
  if (path.endsWith('/process')) return answer(200, { process: String(process.pid) });
  if (path.endsWith('/machines')) {
    const { Reservations = [] } = await new EC2Client({}).send(new DescribeInstancesCommand({}));
    return answer(200, { machines: Reservations.length });
  }
  if (id === undefined) return answer(200, { greeting, event });
  const Key = { pk: { S: `item#${id}` }, sk: { S: '-' } };
  if (event.requestContext.http.method === 'PUT') {
    const Item = { ...Key, type: { S: 'order' }, text: { S: event.body ?? '' } };
    await table.send(new PutItemCommand({ TableName, Item }));
    return answer(200, { id });
  }
  const { Item } = await table.send(new GetItemCommand({ TableName, Key }));
  return Item ? answer(200, { id, text: Item.text?.S }) : answer(404, { id });
};
