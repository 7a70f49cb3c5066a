import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createRedrivePorts } from '../../../infra/commands/redrive-ports.ts';
import { deadLetters } from '../../../infra/dead-letters.ts';
import { redriveQueue } from '../../../infra/redrive.ts';
import { createHttp } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { messagesOf } from '../canaries/places.ts';
import { vmBody } from '../compute/compute-api.ts';
import { enterStack } from '../realtime/deployed-arena.ts';
import { mailsTo } from './mailbox.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const [dynamo, sqs, lambda] = [
  new DynamoDBClient(stack.client),
  new SQSClient(stack.client),
  new LambdaClient(stack.client),
];
afterAll(() => {
  for (const client of [dynamo, sqs, lambda]) client.destroy();
});

const mailDomain = 'skyclust.example';

/** Has send-mails ask for SES where nobody answers; answers how to undo it. */
async function takeSesDown(): Promise<() => Promise<unknown>> {
  const FunctionName = 'skyclust-local-send-mails';
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const set = (Variables: Record<string, string>) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  const before = { ...Environment?.Variables };
  await set({ ...before, AWS_ENDPOINT_URL_SESV2: 'http://127.0.0.1:9' });
  return () => set(before);
}

/** As if it had typed the code of its first mail. */
const verify = ({ id }: Person) =>
  dynamo.send(
    new UpdateItemCommand({
      TableName: String(stack.outputs.TableName),
      Key: { pk: { S: `USER#${id}` }, sk: { S: 'USER' } },
      UpdateExpression: 'SET email_verified = :yes',
      ExpressionAttributeValues: { ':yes': { BOOL: true } },
    }),
  );

async function hide(queue: string, seconds: number): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `skyclust-local-${queue}` }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } }));
}

const listOf = async ({ token }: Person, query = '') =>
  (await http('GET', `/notifications${query}`, { token })).body.data;

let owner: Person;
let workspaceId: string;

beforeAll(async () => {
  owner = await register(http, 'notified');
  await verify(owner);
  workspaceId = await makeWorkspace(http, owner);
});

describe('a VM that ends running', () => {
  it('gives its creator one notification, over the socket and in the list, and one mail', async () => {
    const credential = await http('POST', '/credentials', {
      token: owner.token,
      body: {
        workspace_id: workspaceId,
        provider: 'aws',
        data: {
          access_key: 'AKIANOTIFIED00000000',
          secret_key: 'notifiedNotifiedNotifiedNotified0000',
          region: 'eu-west-1',
        },
      },
    });
    expect(credential.status).toBe(201);
    const socket = await enterStack(stack, owner.token);
    const vm = await http('POST', '/vms', { token: owner.token, body: { workspace_id: workspaceId, ...vmBody } });
    expect(vm.status).toBe(201);
    const pushed = () => socket.got.filter(({ type }) => type === 'notification_received');
    await until('it was pushed', () => pushed().length > 0, 90_000);
    const subject = `VM ${vmBody.name} is running`;
    expect(pushed()[0]).toMatchObject({ data: { title: subject, type: 'success', is_read: false } });
    await until('it was mailed', async () =>
      (await mailsTo(stack, owner.email)).some((mail) => mail.subject === subject),
    );
    const { notifications, unread_count } = await listOf(owner);
    expect(notifications).toEqual([pushed()[0]?.['data']]);
    expect(unread_count).toBe(1);
    const mails = (await mailsTo(stack, owner.email)).filter((mail) => mail.subject === subject);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.from).toContain(`no-reply@${mailDomain}`);
    socket.drop();
  });
});

describe('a mail that SES does not take', () => {
  it('waits as a dead letter, the notification being there, and is sent once when it is handed back', async () => {
    const member = await register(http, 'unmailed');
    await verify(member);
    const subject = 'New member of workspace';
    const got = async () => (await mailsTo(stack, member.email)).filter((mail) => mail.subject.startsWith(subject));
    const ports = createRedrivePorts('skyclust-local', stack.client);
    await hide('mails', 1);
    const bringBack = await takeSesDown();
    try {
      await addMember(http, owner, workspaceId, member, 'viewer');
      await until('it is in the list', async () => (await listOf(member)).notifications.length === 1);
      // This one, and not the code of the registration, which is a mail, too.
      const isOurs = (body: string) => body.includes('mail_due') && body.includes(member.id);
      const waits = async () => (await messagesOf(stack, 'skyclust-local-mails-dead')).some(isOurs);
      await until('it waits', waits, 90_000);
      expect(await got()).toEqual([]);
    } finally {
      await bringBack();
      await hide('mails', 180);
    }
    const { failed } = await redriveQueue('mails-dead', deadLetters['mails-dead'], ports);
    expect(failed).toEqual([]);
    await until('it was mailed', async () => (await got()).length > 0);
    expect(await got()).toHaveLength(1);
  });
});
