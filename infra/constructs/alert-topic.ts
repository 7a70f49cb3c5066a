import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';

/** Where alarms ring: the admin's address where one is set. It carries names of alarms, nothing of a user. */
export function alertTopic(scope: Construct, settings: Settings): Topic {
  const topic = new Topic(scope, 'Alerts', { topicName: `${prefixOf(settings)}-alerts`, enforceSSL: true });
  if (settings.adminEmail !== '') topic.addSubscription(new EmailSubscription(settings.adminEmail));
  return topic;
}
