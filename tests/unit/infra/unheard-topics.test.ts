import { SNSClient } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { unheardTopics } from '../../../infra/commands/unheard-topics.ts';
import { script } from '../../support/scripted-client.ts';

const topics = ['arn:aws:sns:eu-west-1:111122223333:skyclust-dev-alerts', 'arn:aws:sns:us-east-1:111122223333:edge'];
const subscription = (Endpoint: string, SubscriptionArn: string) => ({ Endpoint, SubscriptionArn });
const confirmed = `${topics[0]}:0d5c`;

/** What SNS answers of each topic, page by page. */
async function unheardOf(...pages: object[][]) {
  const asked: [string, unknown][] = [];
  const unheard = await unheardTopics('ops@example.com', topics, (region) => {
    const client = new SNSClient({ region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    asked.push([region, script(client, pages[asked.length] ?? []).inputs]);
    return client;
  });
  return { unheard, asked };
}

it('an address hears of a topic once it has confirmed its subscription there, each in its region', async () => {
  const { unheard, asked } = await unheardOf(
    [{ Subscriptions: [subscription('ops@example.com', confirmed)] }],
    [{ Subscriptions: [subscription('ops@example.com', 'PendingConfirmation')] }],
  );
  expect(unheard).toEqual([topics[1]]);
  expect(asked).toEqual([
    ['eu-west-1', [{ TopicArn: topics[0] }]],
    ['us-east-1', [{ TopicArn: topics[1] }]],
  ]);
});

it('an address hears nothing where SNS has given the subscription up, or somebody else confirmed one', async () => {
  const { unheard } = await unheardOf(
    [{ Subscriptions: [] }],
    [{ Subscriptions: [subscription('dev@example.com', confirmed), subscription('ops@example.com', 'Deleted')] }],
  );
  expect(unheard).toEqual(topics);
});

it('looks at each page of a topic', async () => {
  const { unheard } = await unheardOf(
    [{ Subscriptions: [], NextToken: 'more' }, { Subscriptions: [subscription('ops@example.com', confirmed)] }],
    [{ Subscriptions: [subscription('ops@example.com', confirmed)] }],
  );
  expect(unheard).toEqual([]);
});
