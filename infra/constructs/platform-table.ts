import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';
import { type Alarms, fiveMinutes } from './alarms.ts';

/**
 * The one table (docs/access-patterns.md). Encrypted under AWS's own key: what must be secret is sealed before it comes here, and a key of ours
 * would cost a KMS call for each reader every 5 minutes without keeping anyone out who may read the table.
 */
export function addTable(scope: Construct, settings: Settings, alarms: Alarms): Table {
  const table = new Table(scope, 'Table', {
    tableName: prefixOf(settings),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'gsi1',
    partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
    sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
  });
  for (const kind of ['read', 'write'] as const) {
    const metricName = kind === 'read' ? 'ReadThrottleEvents' : 'WriteThrottleEvents';
    alarms.watch(`table-${kind}-throttles`, {
      metric: table.metric(metricName, { period: fiveMinutes, statistic: 'Sum' }),
      over: 10,
      meaning: `The table refused more than 10 ${kind}s in 5 minutes: a key takes more than a partition gives, or a burst outran the table's growth.`,
      action: 'find the hot key (CloudWatch Contributor Insights); warm the table up before an announced burst.',
      chapter: 'table-refusals',
    });
    alarms.watch(`gsi1-${kind}-throttles`, {
      metric: table.metric(metricName, {
        dimensionsMap: { TableName: prefixOf(settings), GlobalSecondaryIndexName: 'gsi1' },
        period: fiveMinutes,
        statistic: 'Sum',
      }),
      over: 10,
      meaning: `The index gsi1 refused more than 10 ${kind}s in 5 minutes${kind === 'write' ? '; the table then refuses the writes that it would have to take' : ''}.`,
      action: 'find the hot key of the index (CloudWatch Contributor Insights).',
      chapter: 'table-refusals',
    });
  }
  return table;
}
