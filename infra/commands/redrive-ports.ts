import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import type { Message, RedrivePorts } from '../redrive.ts';

interface Received extends Message {
  receipt: string | undefined;
}

/** On SQS and Lambda, in a stage whose names begin with `prefix`; `config` says where, if not the environment does. */
export function createRedrivePorts(prefix: string, config: SQSClientConfig & LambdaClientConfig = {}): RedrivePorts {
  const sqs = new SQSClient(config);
  const lambda = new LambdaClient(config);
  const urls = new Map<string, Promise<string | undefined>>();
  const urlOf = (queue: string): Promise<string | undefined> => {
    const known = urls.get(queue);
    if (known !== undefined) return known;
    const asked = sqs
      .send(new GetQueueUrlCommand({ QueueName: `${prefix}-${queue}` }))
      .then(({ QueueUrl }) => QueueUrl);
    urls.set(queue, asked);
    return asked;
  };

  return {
    async depth(queue) {
      const name = 'ApproximateNumberOfMessages';
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: await urlOf(queue), AttributeNames: [name] }),
      );
      return Number(Attributes?.[name] ?? 0);
    },
    async receive(queue) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: await urlOf(queue),
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 120,
          WaitTimeSeconds: 1,
        }),
      );
      return Messages.map(
        ({ MessageId = '', Body = '', ReceiptHandle }): Received => ({
          id: MessageId,
          body: Body,
          receipt: ReceiptHandle,
        }),
      );
    },
    async remove(queue, message) {
      const { receipt } = message as Received;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: await urlOf(queue), ReceiptHandle: receipt }));
    },
    async send(queue, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(queue), MessageBody: body }));
    },
    async invoke(name, event) {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: `${prefix}-${name}`, Payload: JSON.stringify(event) }),
      );
      const text = new TextDecoder().decode(Payload);
      if (FunctionError !== undefined) throw new Error(text);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
}
