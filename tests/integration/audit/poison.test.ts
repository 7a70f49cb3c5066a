import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { messagesOf } from '../canaries/places.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const { TableName } = stack.outputs;
const dynamo = new DynamoDBClient(stack.client);
afterAll(() => dynamo.destroy());

describe('a record that can not be chained', () => {
  it('waits whole in the queue of failures and hinders no other', async () => {
    const owner = await register(http, 'owner');
    const workspaceId = await makeWorkspace(http, owner);
    const pk = `AUDIT#${workspaceId}#${new Date().toISOString().slice(0, 7)}`;
    const poison = { pk, sk: `${new Date().toISOString()}#poison`, type: 'audit', id: 'poison' };
    await dynamo.send(new PutItemCommand({ TableName, Item: marshall(poison) }));
    await http('GET', `/workspaces/${workspaceId}`, { token: owner.token });

    // A message is held back for half a minute: looked at where it lies, not received.
    let kept: string | undefined;
    await until('the record is kept', async () => {
      kept = (await messagesOf(stack, 'skyclust-local-chain-failures')).find((body) => body.includes(workspaceId));
      return kept !== undefined;
    });
    const record = JSON.parse(kept ?? '{}');
    expect(record.dynamodb.NewImage).toEqual(marshall(poison));

    await until('the other row is chained', async () => {
      const { body } = await http('GET', `/audit-logs/verify?workspace_id=${workspaceId}`, { token: owner.token });
      return body.data.checked.rows > 0;
    });
    // Else it would be found unchained by who verifies this stack in a quarter of an hour.
    await dynamo.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk: poison.sk }) }));
  });
});
