import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnAlias } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnConfigurationSet, CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';

/** Kinds of resources by whose names a deployment can fail: somebody may have them already. */
const named = [
  CfnAlias,
  CfnBucket,
  CfnConfigurationSet,
  CfnEmailIdentity,
  CfnFunction,
  CfnLogGroup,
  CfnRecordSet,
  CfnSecret,
  CfnTopic,
];

/**
 * Has the table and the user pool made after all that may fail, the table first: what is protected against deletion is not undone with a deployment that fails,
 * and by its name the next one would fail, too. What tells of the two (alarms, parameters) can only come after them; its names nobody has but who took them by hand.
 */
export function makeProtectedLast(stack: Stack): void {
  const all = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  const table = all.find((resource) => resource instanceof CfnTable);
  const pool = all.find((resource) => resource instanceof CfnUserPool);
  if (table === undefined) return;
  for (const first of all) if (named.some((kind) => first instanceof kind)) table.addResourceDependency(first);
  pool?.addResourceDependency(table);
}
