import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { PlatformFunction } from './platform-function.ts';

/** What the role of a function that enters users' accounts is called: trust policies that users have pasted go by it, so it never changes. */
export const visitorName = (settings: Settings, name: string): string => `${prefixOf(settings)}-visitor-${name}`;

/** The ARNs of all such roles, as one pattern. */
export const visitorRoles = (scope: IConstruct, settings: Settings): string => {
  const { partition, account } = Stack.of(scope);
  return `arn:${partition}:iam::${account}:role/${visitorName(settings, '*')}`;
};

/**
 * May assume roles of users' accounts, whichever they are, and never without an external id. None of our own account: some there, as those of the
 * CDK's bootstrap, let in whoever belongs to it.
 */
export function allowAssume(fn: PlatformFunction): void {
  const { partition, account } = Stack.of(fn);
  const anywhere = `arn:${partition}:iam::*:role/*`;
  const ours = `arn:${partition}:iam::${account}:role/*`;
  fn.allow(['sts:AssumeRole'], [anywhere], { Null: { 'sts:ExternalId': 'false' } });
  fn.deny(['sts:AssumeRole'], [ours]);
  acknowledgeWildcard(fn.role, anywhere, 'Users name roles of accounts of their own, which trust us by an external id');
  acknowledgeWildcard(fn.role, ours, 'It denies: no role of our own account may be assumed by what a user names');
}
