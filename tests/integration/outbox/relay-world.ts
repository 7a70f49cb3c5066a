import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { createRelay } from '../../../functions/platform/outbox/create-relay.ts';
import { createEventBus } from '../../../functions/platform/outbox/event-bus.ts';
import { createFailedRecords } from '../../../functions/platform/outbox/failed-records.ts';
import type { Derivations } from '../../../functions/platform/outbox/relay-changes.ts';
import type { RelayedEvent } from '../../../functions/platform/outbox/relayed-event.ts';
import { createStateMachines } from '../../../functions/platform/outbox/state-machines.ts';
import { singleTry } from '../../../functions/platform/retry/single-try.ts';
import { derivations } from '../../../functions/relay/derivations.ts';
import type { Emulator } from '../../support/emulator.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';

type Relay = ReturnType<typeof createRelay>;

export interface RelayTwist {
  rules?: Partial<Derivations>;
  down?: 'events' | 'executions' | 'queue' | 'both';
  forgets?: boolean;
}

export interface RelayWorld {
  /** Between the relay and each service. */
  events: FaultyProxy;
  executions: FaultyProxy;
  queue: FaultyProxy;
  /** A relay over the world: with rules in place of the product's, a service out of reach, or nothing kept of what fails. */
  relay(options?: RelayTwist): Relay;
  logged: unknown[];
  /** Takes what has reached the bus since it was last asked. */
  published(): Promise<RelayedEvent[]>;
  /** Names of all executions. */
  started(): Promise<string[]>;
  /** Takes what waits in the queue of failed records, as Lambda would be handed it. */
  failedRecords(): Promise<SQSRecord[]>;
  stop(): Promise<void>;
}

const nowhere = 'http://127.0.0.1:1';

export async function createRelayWorld({ client }: Pick<Emulator, 'client'>): Promise<RelayWorld> {
  const [bridge, sqs, sfn] = [new EventBridgeClient(client), new SQSClient(client), new SFNClient(client)];
  const makeQueue = async (QueueName: string) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    return { url: String(QueueUrl), arn: String(Attributes?.['QueueArn']) };
  };
  const [seen, failures] = [await makeQueue('seen'), await makeQueue('relay-failures')];
  await bridge.send(new CreateEventBusCommand({ Name: 'skyclust-test' }));
  await bridge.send(
    new PutRuleCommand({ Name: 'all', EventBusName: 'skyclust-test', EventPattern: '{"source":["skyclust"]}' }),
  );
  await bridge.send(
    new PutTargetsCommand({ Rule: 'all', EventBusName: 'skyclust-test', Targets: [{ Id: 'seen', Arn: seen.arn }] }),
  );
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'skyclust-test-vm-lifecycle',
      roleArn: 'arn:aws:iam::111122223333:role/test',
      definition: '{"StartAt":"End","States":{"End":{"Type":"Pass","End":true}}}',
    }),
  );
  const [events, executions, queue] = await Promise.all([1, 2, 3].map(() => startFaultyProxy(client.endpoint)));
  if (events === undefined || executions === undefined || queue === undefined)
    throw new Error('three proxies were started');
  const logged: unknown[] = [];
  const made: { destroy(): void }[] = [bridge, sqs, sfn];
  const keep = <Client extends { destroy(): void }>(one: Client) => {
    made.push(one);
    return one;
  };

  async function take(url: string): Promise<Message[]> {
    const taken: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return taken;
      taken.push(...Messages);
      const Entries = Messages.map(({ ReceiptHandle }, nth) => ({ Id: String(nth), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    }
  }

  return {
    events,
    executions,
    queue,
    logged,
    relay({ rules = {}, down, forgets = false } = {}) {
      const at = (name: string, proxy: FaultyProxy) => ({
        ...client,
        ...singleTry,
        endpoint: down === name || (down === 'both' && name !== 'queue') ? nowhere : proxy.endpoint,
      });
      const quick = { random: () => 0.1 };
      return createRelay({
        derivations: { ...derivations, ...rules },
        bus: createEventBus({
          client: keep(new EventBridgeClient(at('events', events))),
          busName: 'skyclust-test',
          ...quick,
        }),
        machines: createStateMachines({
          client: keep(new SFNClient(at('executions', executions))),
          arnPrefix: String(stateMachineArn).replace(/vm-lifecycle$/, ''),
          ...quick,
        }),
        failedRecords: forgets
          ? { keep: async () => [] }
          : createFailedRecords({
              client: keep(new SQSClient({ ...at('queue', queue), useQueueUrlAsEndpoint: false })),
              queueUrl: failures.url,
              delaySeconds: 0,
              ...quick,
            }),
        log: { error: (...line) => logged.push(line) },
      });
    },
    published: async () => (await take(seen.url)).map(({ Body }) => JSON.parse(String(Body)).detail as RelayedEvent),
    async started() {
      const names: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100, nextToken }));
        names.push(...(page.executions ?? []).map(({ name }) => String(name)));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return names;
    },
    failedRecords: async () =>
      (await take(failures.url)).map(
        ({ MessageId, Body }) => ({ messageId: MessageId, body: Body, eventSource: 'aws:sqs' }) as SQSRecord,
      ),
    async stop() {
      for (const one of made) one.destroy();
      await Promise.all([events.stop(), executions.stop(), queue.stop()]);
    },
  };
}

/** Lambda's reading of a stream: what the handler reports as failed comes again, with all that follows it. */
export async function consumeStream(
  relay: Relay,
  records: readonly DynamoDBRecord[],
  batchSize: number,
): Promise<void> {
  let at = 0;
  while (at < records.length) {
    const batch = records.slice(at, at + batchSize);
    const { batchItemFailures } = await relay({ Records: batch });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const first = batch.findIndex(({ dynamodb }) => failed.has(String(dynamodb?.SequenceNumber)));
    at += first === -1 ? batch.length : first;
  }
}

/** Lambda's reading of a queue: what is reported as failed comes again by itself. */
export async function consumeQueue(relay: Relay, messages: readonly SQSRecord[]): Promise<void> {
  let left = [...messages];
  while (left.length > 0) {
    const { batchItemFailures } = await relay({ Records: left });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    left = left.filter(({ messageId }) => failed.has(messageId));
  }
}
