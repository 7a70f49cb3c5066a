import { ArnFormat, CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';

/**
 * Where alarms ring: the admin's address where one is set, once somebody there has confirmed it to SNS. It carries names of alarms, nothing of a user.
 * @param name unique in the stage, since the edge's alarms may be in the region of the others.
 */
export function alertTopic(scope: Construct, settings: Settings, name: 'alerts' | 'edge-alerts'): Topic {
  const prefix = prefixOf(settings);
  const topic = new Topic(scope, 'Alerts', { topicName: `${prefix}-${name}`, enforceSSL: true });
  const { account } = Stack.of(scope);
  const alarms = Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: `${prefix}-*`,
  });
  // What enforces TLS is a policy, which takes the place of the one that SNS gives a topic and that lets in alarms of its account.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': alarms } },
    }),
  );
  if (settings.adminEmail !== '') topic.addSubscription(new EmailSubscription(settings.adminEmail));
  new CfnOutput(scope, 'AlertTopicArn', { value: topic.topicArn });
  return topic;
}
