import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';

const closed = {
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
};

/** Where the heads of the audit chains are anchored: no version of an object can be changed or deleted while its lock lasts. */
export function addAnchorBucket(scope: Construct, bucketName: string, settings: Settings): void {
  const retention = Duration.days(settings.auditRetentionDays);
  const bucket = new Bucket(scope, 'AuditAnchors', {
    ...closed,
    bucketName,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention:
      settings.auditLock === 'compliance'
        ? ObjectLockRetention.compliance(retention)
        : ObjectLockRetention.governance(retention),
  });
  acknowledge(bucket, { S1: 'Three functions reach it; what they read and wrote stands in their logs' });
}

/** Where exports lie until they are fetched. */
export function addExportBucket(scope: Construct, bucketName: string): void {
  const bucket = new Bucket(scope, 'Exports', {
    ...closed,
    bucketName,
    lifecycleRules: [{ expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  acknowledge(bucket, { S1: 'Every export and every link made for one is a row of the audit log' });
}
