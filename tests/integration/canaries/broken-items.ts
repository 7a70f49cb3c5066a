import { DynamoDBClient, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Person } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import type { Journal } from './journal.ts';
import type { Place } from './machine-flows.ts';

/** Spoils items so that the product fails where nobody thought of it, with secrets in its hands. */
export async function failInside({ http, secrets, stack }: Journal, person: Person, place: Place): Promise<void> {
  const dynamo = new DynamoDBClient(stack.client);
  const spoil = (pk: string, sk: string, expression: Partial<UpdateItemCommandInput>) =>
    dynamo.send(
      new UpdateItemCommand({
        TableName: stack.outputs.TableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ...expression,
      }),
    );
  const { token } = person;
  const credential = [`WS#${place.workspaceId}`, `CREDENTIAL#${place.credentialId}`] as const;

  // A ciphertext that does not open fails in the worker's hands.
  await spoil(...credential, {
    UpdateExpression: 'SET sealed.tag = :tag',
    ExpressionAttributeValues: { ':tag': { B: new Uint8Array(16) } },
  });
  const vm = {
    workspace_id: place.workspaceId,
    credential_id: place.credentialId,
    name: 'canary',
    provider: 'aws',
    instance_type: 't3.micro',
    region: 'eu-west-1',
  };
  const { id } = (await http('POST', '/vms', { token, body: vm })).body.data;
  await until('the worker gives up', async () => {
    const { status } = (await http('GET', `/vms/${id}`, { token })).body.data;
    return status === 'error';
  });
  await spoil(...credential, { UpdateExpression: 'REMOVE #name', ExpressionAttributeNames: { '#name': 'name' } });
  const replace = await http('PUT', `/credentials/${place.credentialId}`, {
    token,
    body: { data: secrets.awsKey('stored into a broken item') },
  });
  if (replace.status !== 500) throw new Error(`a change of a broken credential answered ${replace.status}`);
  dynamo.destroy();
}
