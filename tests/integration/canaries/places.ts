import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { SharedStack } from '../../support/global-setup.ts';
import { scanItems } from '../../support/table-items.ts';

type Where = Pick<SharedStack, 'client' | 'outputs'>;

/** Bytes become characters one by one, so that text within them is found; sets become lists. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, held) => {
    if (held instanceof Uint8Array) return Buffer.from(held).toString('latin1');
    return held instanceof Set ? [...held] : held;
  });

async function collect<Page, Element>(pages: AsyncIterable<Page>, pick: (page: Page) => Element[] | undefined) {
  const all: Element[] = [];
  for await (const page of pages) all.push(...(pick(page) ?? []));
  return all;
}

/** MiniStack hands out the first 10,000 events and no token. */
const mostEvents = 10_000;

export async function readLogs({ client }: Where, since: number): Promise<string> {
  const logs = new CloudWatchLogsClient(client);
  const groups = await collect(paginateDescribeLogGroups({ client: logs }, {}), (page) => page.logGroups);
  const texts: string[] = [];
  for (const { logGroupName } of groups) {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime: since }));
    if (events.length >= mostEvents) throw new Error(`cannot read all of ${logGroupName}: it has too many events`);
    texts.push(`${logGroupName}`, ...events.map(({ message = '' }) => message));
  }
  logs.destroy();
  return texts.join('\n');
}

/** Of each state machine, the executions begun since then: input, output, error and every event of the history. */
async function readExecutions({ client }: Where, since: number): Promise<string> {
  const sfn = new SFNClient(client);
  const machines = await collect(paginateListStateMachines({ client: sfn }, {}), (page) => page.stateMachines);
  const texts: string[] = [];
  for (const { stateMachineArn } of machines) {
    const executions = await collect(
      paginateListExecutions({ client: sfn }, { stateMachineArn }),
      (page) => page.executions,
    );
    for (const { executionArn, startDate } of executions) {
      if (Number(startDate) < since) continue;
      const history = paginateGetExecutionHistory({ client: sfn }, { executionArn, includeExecutionData: true });
      texts.push(textOf(await sfn.send(new DescribeExecutionCommand({ executionArn }))));
      texts.push(textOf(await collect(history, (page) => page.events)));
    }
  }
  sfn.destroy();
  return texts.join('\n');
}

async function readObjects({ client }: Where): Promise<string> {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const texts: string[] = [];
  for (const { Name: Bucket } of Buckets) {
    for (const { Key } of await collect(paginateListObjectsV2({ client: s3 }, { Bucket }), (page) => page.Contents)) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      texts.push(String(Key), Buffer.from((await Body?.transformToByteArray()) ?? []).toString('latin1'));
    }
  }
  s3.destroy();
  return texts.join('\n');
}

/** Every message of every queue, taken by nobody or in work, without receiving it. The queue of captured events is one of them. */
export async function readQueues({ client }: Where): Promise<string> {
  return (await fetch(`${client.endpoint}/_ministack/sqs/messages`)).text();
}

/** The messages of every queue by its name. */
async function readMessages(where: Where): Promise<[string, { Body: string }[]][]> {
  const { messages } = JSON.parse(await readQueues(where)) as {
    messages: Record<string, Record<string, Record<string, { Body: string }[]>>>;
  };
  return Object.values(messages)
    .flatMap(Object.values<Record<string, { Body: string }[]>>)
    .flatMap((region) => Object.entries(region))
    .map(([url, held]) => [url.slice(url.lastIndexOf('/') + 1), held]);
}

/** The names of the queues that hold a message with this text. */
export async function queuesHolding(where: Where, text: string): Promise<string[]> {
  return (await readMessages(where)).filter(([, held]) => JSON.stringify(held).includes(text)).map(([name]) => name);
}

/** The bodies of all messages of a queue. */
export async function messagesOf(where: Where, queue: string): Promise<string[]> {
  return (await readMessages(where)).flatMap(([name, held]) => (name === queue ? held.map(({ Body }) => Body) : []));
}

/** All that the stack keeps, as text, by where it is. Audit rows are items of the table. */
export async function readPlaces(stack: Where, since: number): Promise<Record<string, string>> {
  return {
    table: textOf(await scanItems(stack)),
    logs: await readLogs(stack, since),
    executions: await readExecutions(stack, since),
    queues: await readQueues(stack),
    objects: await readObjects(stack),
  };
}
