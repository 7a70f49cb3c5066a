import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Data } from './data.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { allowItems, denyAudit } from './table-rights.ts';

/** The second of the stream's two consumers: chains audit rows by hash, which no other function may write. */
export function addAuditChain(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const chain = new PlatformFunction(scope, 'audit-chain', stage, { name: 'audit-chain', alarms });
  const hopeless = deadLetterQueue(scope, 'chain-failures', stage.settings, alarms);
  chain.lambda.addEnvironment('CHAIN_FAILURES_QUEUE_URL', hopeless.queueUrl);
  chain.allow(['sqs:SendMessage'], [hopeless.queueArn]);
  allowItems(chain, data.table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], {
    partitions: ['AUDITCHAIN#*'],
  });
  allowItems(chain, data.table, 'dynamodb:PutItem', { partitions: ['AUDITCHAIN#*', 'AUDITINDEX#*'] });
  denyAudit(chain, data.table, 'chain');
  new StreamConsumer(chain, 'Stream', {
    fn: chain,
    name: 'audit-chain',
    streamArn: data.streamArn,
    alarms,
    batchSize: 100,
    filters: [{ eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['audit'] } } } }],
  });
}
