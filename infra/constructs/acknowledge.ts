import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Accepts findings of cdk-nag (`AwsSolutions-<rule>`) at a construct, each with the reason that it is right here. */
export function acknowledge(scope: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(findings))
    Validations.of(scope).acknowledge({ id: `AwsSolutions-${id}`, reason });
}

/** Accepts one wildcard resource of a role and no other; cdk-nag names it as the template writes it. */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  acknowledge(scope, { [`IAM5[Resource::${flattenCfnReference(Stack.of(scope).resolve(resource))}]`]: reason });
}
