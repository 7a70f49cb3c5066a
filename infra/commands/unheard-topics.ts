import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';

const isConfirmed = (subscriptionArn = '') => subscriptionArn.startsWith('arn:');

/**
 * The topics that an address does not hear of: SNS mails it nothing until somebody there has confirmed the subscription, and after two days gives the
 * subscription up.
 */
export async function unheardTopics(
  address: string,
  topicArns: readonly string[],
  clientOf = (region: string) => new SNSClient({ region }),
): Promise<string[]> {
  const unheard: string[] = [];
  for (const topicArn of topicArns) {
    const client = clientOf(topicArn.split(':')[3] as string);
    let isHeard = false;
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn }))
      isHeard ||= Subscriptions.some(
        ({ Endpoint, SubscriptionArn }) => Endpoint === address && isConfirmed(SubscriptionArn),
      );
    if (!isHeard) unheard.push(topicArn);
  }
  return unheard;
}
