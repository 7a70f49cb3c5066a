import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SharedStack } from '../../support/global-setup.ts';

/** Copies every event of the bus into a queue of its own, where `readQueues` sees them, until `stop`. */
export async function captureEvents({ client, outputs }: Pick<SharedStack, 'client' | 'outputs'>, name: string) {
  const [events, sqs] = [new EventBridgeClient(client), new SQSClient(client)];
  const rule = { Name: name, EventBusName: outputs.BusName };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: ['skyclust'] }) }));
  const Targets = [{ Id: 'queue', Arn: Attributes?.QueueArn }];
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName: outputs.BusName, Targets }));
  return {
    async stop() {
      await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: outputs.BusName, Ids: ['queue'] }));
      await events.send(new DeleteRuleCommand(rule));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      events.destroy();
      sqs.destroy();
    },
  };
}
