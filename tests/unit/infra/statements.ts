import type { Template } from 'aws-cdk-lib/assertions';
import { type Resource, resourcesOf } from './templates.ts';

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

export const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);

/** What the role of each function allows and denies. */
export function statementsByFunction(...templates: Template[]): Map<string, Statement[]> {
  const statementsOf = new Map<string, Statement[]>();
  for (const template of templates) {
    const policies: Resource[] = resourcesOf('AWS::IAM::Policy', template);
    for (const { Properties } of resourcesOf('AWS::Lambda::Function', template)) {
      if (Properties.FunctionName === undefined) continue;
      const [role] = Properties.Role['Fn::GetAtt'];
      const own = policies.filter(({ Properties: { Roles } }) =>
        Roles.some(({ Ref }: { Ref: string }) => Ref === role),
      );
      statementsOf.set(
        Properties.FunctionName.replace('skyclust-dev-', ''),
        own.flatMap((policy) => policy.Properties.PolicyDocument.Statement),
      );
    }
  }
  return statementsOf;
}
