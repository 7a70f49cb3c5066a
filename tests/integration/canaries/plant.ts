import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { SharedStack } from '../../support/global-setup.ts';
import { until } from '../../support/until.ts';
import { readQueues } from './places.ts';
import { createSecrets } from './secrets.ts';

/** Puts a secret of its own into each place that is looked at, as a leak would. */
export async function plant(stack: SharedStack, queue: string) {
  const { client, outputs } = stack;
  const known = new Map<string, string>();
  const secret = (what: string) => {
    const text = createSecrets().text(what);
    known.set(text, what);
    return text;
  };
  const dynamo = new DynamoDBClient(client);
  const Item = marshall({
    pk: 'PLANTED',
    sk: 'PLANTED',
    deep: { list: [`a ${secret('in the table')} b`] },
    bytes: Buffer.from(JSON.stringify({ password: secret('in bytes') })),
    set: new Set([secret('within a set')]),
  });
  await dynamo.send(new PutItemCommand({ TableName: outputs.TableName, Item }));

  const logs = new CloudWatchLogsClient(client);
  const stream = { logGroupName: '/aws/lambda/skyclust-local-identity-api', logStreamName: `planted-${Date.now()}` };
  const lines = [
    JSON.stringify({ error: `cannot read ${secret('in a log')}` }),
    `Unexpected token in ...${secret('in a log as a piece').slice(5, 18)}...`,
    `body ${Buffer.from(`{"password":"${secret('in a log in base64')}"}`).toString('base64')}`,
    Buffer.from(secret('in a log in hex')).toString('hex'),
  ];
  await logs.send(new CreateLogStreamCommand(stream));
  const logEvents = lines.map((message) => ({ message, timestamp: Date.now() }));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));

  const sfn = new SFNClient(client);
  // A machine needs a role that exists: that of one that is there.
  const { stateMachines: [machine] = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const { roleArn } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: machine?.stateMachineArn }));
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: `planted-${Date.now()}`,
      roleArn,
      definition: JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
    }),
  );
  await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ key: secret('in an input') }) }));

  const [sqs, events] = [new SQSClient(client), new EventBridgeClient(client)];
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: secret('in a message') }));
  const published = secret('in an event');
  const entry = { EventBusName: outputs.BusName, Source: 'skyclust', DetailType: 'planted' };
  await events.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify({ data: published }) }] }));
  await until('the event is captured', async () => (await readQueues(stack)).includes(published));

  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const object = { Bucket: outputs.SiteBucketName, Key: 'planted' };
  await s3.send(new PutObjectCommand({ ...object, Body: secret('in an object') }));

  return {
    known,
    async remove() {
      const Key = { pk: { S: 'PLANTED' }, sk: { S: 'PLANTED' } };
      await dynamo.send(new DeleteItemCommand({ TableName: outputs.TableName, Key }));
      await logs.send(new DeleteLogStreamCommand(stream));
      await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
      await s3.send(new DeleteObjectCommand(object));
      for (const each of [dynamo, logs, sfn, sqs, events, s3]) each.destroy();
    },
  };
}
