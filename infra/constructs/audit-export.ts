import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { bucketArn } from './bucket-arn.ts';
import type { Data } from './data.ts';
import { feedQueue } from './feed-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems, denyAudit } from './table-rights.ts';
import { WorkQueue } from './work-queue.ts';

/** Large exports that are written at once. */
const exportsAtOnce = 2;

/** Writes the exports that take longer than a call. */
export function addAuditExport(scope: Construct, stage: Stage, data: Data, alarms: Alarms, bus: EventBus): void {
  const exporter = new PlatformFunction(scope, 'audit-export', stage, {
    name: 'audit-export',
    alarms,
    environment: { EXPORT_BUCKET: data.exportBucketName },
  });
  allowItems(exporter, data.table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], {
    partitions: ['AUDIT#*', 'AUDITINDEX#*', 'EXPORT#*'],
  });
  allowItems(exporter, data.table, 'dynamodb:PutItem', { partitions: ['EXPORT#*'] });
  denyAudit(exporter, data.table);
  allowExports(exporter, data);
  const queue = new WorkQueue(scope, 'AuditExports', {
    settings: stage.settings,
    alarms,
    name: 'audit-exports',
    deadLetters: 'audit-exports-dead',
    consumer: exporter,
    batchesAtOnce: exportsAtOnce,
  });
  feedQueue(scope, 'AuditExportsRule', bus, queue, ['export_due'], 'Exports that take longer than a call');
}

/** Writing exports, and reading them, which is what a link lets its holder do in the function's name. */
export const allowExports = (fn: PlatformFunction, data: Data): void =>
  fn.allowAny(
    ['s3:GetObject', 's3:PutObject'],
    bucketArn(fn, data.exportBucketName, 'exports/*'),
    'Every export of the stage: a call makes its own',
  );
