import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';

/** What only a deployment knows, and stacks that are deployed later need. All else they know by its name. */
export type ToldName =
  | 'table-stream-arn'
  | 'user-pool-id'
  | 'user-pool-client-id'
  | 'credentials-key-arn'
  | 'origin-secret-arn'
  | 'origin-hashes'
  | 'http-api-id';

const parameterOf = (settings: Settings, name: ToldName) => `/${prefixOf(settings)}/${name}`;

/** Tells the stacks that are deployed after this one. By a parameter and not by an export, which can neither change nor go while somebody imports it (ADR 16). */
export function tell(scope: Construct, settings: Settings, values: Partial<Record<ToldName, string>>): void {
  for (const [name, stringValue] of Object.entries(values))
    new StringParameter(scope, `Tell-${name}`, {
      parameterName: parameterOf(settings, name as ToldName),
      description: 'For the stacks that are deployed after this one',
      stringValue,
    });
}

/** What another stack told: read at each deployment, before anything is changed. This stack has to depend on that one. */
export const told = (scope: Construct, settings: Settings, name: ToldName): string =>
  StringParameter.valueForStringParameter(scope, parameterOf(settings, name));

/** What stacks of version 0.1.0 import, until the next version: a deployment over them could not take it away while they run. */
export function keepExported(scope: Construct, ...values: (string | undefined)[]): void {
  for (const value of values) Stack.of(scope).exportValue(value);
}
