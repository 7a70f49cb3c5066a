import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { allowAnchors, allowListing } from './audit-anchor.ts';
import { bucketArn } from './bucket-arn.ts';
import { callEvery, daily } from './clock.ts';
import type { Data } from './data.ts';
import { dailyMaximum } from './own-metric.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems } from './table-rights.ts';

/** A day is archived by the first tick that begins an hour after it or later. */
const usualDaysBehind = 2;

/**
 * Archives the audit rows of each day in the bucket of the anchors. Of rows and their index it may set the one attribute by which the table lets them end: it
 * can change nothing that they say, and delete none.
 */
export function addAuditArchive(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const { auditArchive, auditTableDays } = stage.settings;
  const archive = new PlatformFunction(scope, 'audit-archive', stage, {
    name: 'audit-archive',
    alarms,
    chapter: 'audit-archive',
    environment: { ANCHOR_BUCKET: data.anchorBucketName, AUDIT_TABLE_DAYS: String(auditTableDays) },
  });
  allowItems(archive, data.table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], {
    partitions: ['AUDIT#*', 'AUDITCHAIN#*', 'AUDITINDEX#*', 'AUDITARCHIVE'],
  });
  allowItems(archive, data.table, 'dynamodb:PutItem', { partitions: ['AUDITARCHIVE'] });
  if (auditTableDays > 0)
    allowItems(archive, data.table, 'dynamodb:UpdateItem', {
      partitions: ['AUDIT#*', 'AUDITINDEX#*'],
      attributes: ['pk', 'sk', 'ttl'],
    });
  allowAnchors(archive, data, ['s3:GetObject']);
  archive.allowAny(
    ['s3:GetObject', 's3:PutObject'],
    bucketArn(archive, data.anchorBucketName, 'archive/*'),
    'Every archived day of the stage',
  );
  allowListing(archive, data, 'archive/*');
  callEvery(archive, daily, { name: 'audit-archive', alarms, enabled: auditArchive });
  alarms.watch('audit-archive-late', {
    metric: dailyMaximum('audit-archive', 'AuditDaysBehind'),
    over: usualDaysBehind,
    meaning: 'Days of audit rows are not archived yet. Nothing is lost: they stay in the table until they are.',
    action: 'read in the log of audit-archive which day it stops at, and why.',
    chapter: 'audit-archive',
  });
}

/** Of which days rows may be missing from the table. */
export const allowExpiredDays = (fn: PlatformFunction, data: Data): void => allowListing(fn, data, 'archive/expired/*');
