import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** By name: an ARN that another stack exports can't be told apart from others where a wildcard behind it is accepted. */
export const bucketArn = (scope: IConstruct, bucketName: string, objects?: string): string =>
  `arn:${Stack.of(scope).partition}:s3:::${bucketName}${objects === undefined ? '' : `/${objects}`}`;
