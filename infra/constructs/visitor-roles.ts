import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';

/** What the role of a function that enters users' accounts is called: trust policies that users have pasted go by it, so it never changes. */
export const visitorName = (settings: Settings, name: string): string => `${prefixOf(settings)}-visitor-${name}`;

/** The ARNs of all such roles, as one pattern. */
export const visitorRoles = (scope: IConstruct, settings: Settings): string => {
  const { partition, account } = Stack.of(scope);
  return `arn:${partition}:iam::${account}:role/${visitorName(settings, '*')}`;
};
