import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const { TableName } = stack.outputs;
const dynamo = new DynamoDBClient(stack.client);
const sqs = new SQSClient(stack.client);
afterAll(() => {
  dynamo.destroy();
  sqs.destroy();
});

describe('a record that can not be chained', () => {
  it('waits whole in the queue of failures and hinders no other', async () => {
    const owner = await register(http, 'owner');
    const workspaceId = await makeWorkspace(http, owner);
    const pk = `AUDIT#${workspaceId}#${new Date().toISOString().slice(0, 7)}`;
    const poison = { pk, sk: `${new Date().toISOString()}#poison`, type: 'audit', id: 'poison' };
    await dynamo.send(new PutItemCommand({ TableName, Item: marshall(poison) }));
    await http('GET', `/workspaces/${workspaceId}`, { token: owner.token });

    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'skyclust-local-chain-failures' }));
    const kept: string[] = [];
    await until('the record is kept', async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        kept.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return kept.some((body) => body.includes(workspaceId));
    });
    const record = JSON.parse(kept.find((body) => body.includes(workspaceId)) ?? '{}');
    expect(record.dynamodb.NewImage).toEqual(marshall(poison));

    await until('the other row is chained', async () => {
      const { body } = await http('GET', `/audit-logs/verify?workspace_id=${workspaceId}`, { token: owner.token });
      return body.data.checked.rows > 0;
    });
    // Else it would be found unchained by who verifies this stack in a quarter of an hour.
    await dynamo.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk: poison.sk }) }));
  });
});
