import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** The static site's files, for the edge alone to read. */
export function addSiteBucket(scope: Construct, bucketName: string): void {
  const bucket = new Bucket(scope, 'Site', {
    bucketName,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  acknowledge(bucket, { S1: "Holds the public site; who reads it stands in the edge's log" });
  const { account, partition } = Stack.of(scope);
  // Any distribution of the account: naming one would tie this stack to the edge's.
  const edge = {
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    conditions: {
      StringEquals: { 'AWS:SourceAccount': account },
      ArnLike: { 'AWS:SourceArn': `arn:${partition}:cloudfront::${account}:distribution/*` },
    },
  };
  const objects = [bucket.arnForObjects('*')];
  bucket.addToResourcePolicy(new PolicyStatement({ ...edge, actions: ['s3:GetObject'], resources: objects }));
  // With it a missing file is a 404, without it a 403.
  bucket.addToResourcePolicy(
    new PolicyStatement({ ...edge, actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  );
}
