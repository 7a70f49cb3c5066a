import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { bucketArn } from './bucket-arn.ts';
import { callEvery } from './clock.ts';
import type { Data } from './data.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems } from './table-rights.ts';

const tickMinutes = 15;

/** Anchors the heads of the audit chains outside of the table. It may add and read anchors: no delete, no change of a lock, no write to the table. */
export function addAuditAnchor(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const anchor = new PlatformFunction(scope, 'audit-anchor', stage, {
    name: 'audit-anchor',
    alarms,
    chapter: 'audit-anchor',
    environment: { ANCHOR_BUCKET: data.anchorBucketName },
  });
  allowItems(anchor, data.table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], {
    partitions: ['AUDITCHAIN#*'],
  });
  allowAnchors(anchor, data, ['s3:GetObject', 's3:PutObject']);
  callEvery(anchor, tickMinutes, { name: 'audit-anchor', alarms, enabled: stage.settings.auditAnchor });
}

/** Reading anchors, or adding one. */
export function allowAnchors(fn: PlatformFunction, data: Data, actions: ('s3:GetObject' | 's3:PutObject')[]): void {
  fn.allowAny(actions, bucketArn(fn, data.anchorBucketName, 'anchors/*'), 'Every anchor of the stage');
  allowListing(fn, data, 'anchors/*');
}

/** Listing what lies in the bucket of the anchors under some keys. */
export const allowListing = (fn: PlatformFunction, data: Data, prefix: string): void =>
  fn.allow(['s3:ListBucket'], [bucketArn(fn, data.anchorBucketName)], { StringLike: { 's3:prefix': prefix } });
