import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vmIdTag } from '../../../functions/compute/providers/aws/run-instances-input.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Statement {
  Effect: string;
  Action: string[];
  Condition?: Record<string, Record<string, string>>;
}

/** What docs/credentials.md tells users to allow. */
const { Statement: statements } = JSON.parse(/```json\n(.*?)```/s.exec(read('docs/credentials.md'))?.[1] ?? '{}') as {
  Statement: Statement[];
};

/** What is imported of EC2's client that is a command, wherever that is. */
const commands = globSync('functions/**/*.ts', { cwd: root })
  .flatMap((file) => [...read(file).matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-ec2'/g)])
  .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
  .flatMap((name) => {
    const [, command, paged] = /^(?:(\w+)Command|paginate(\w+))$/.exec(name) ?? [];
    return command ?? paged ?? [];
  });

describe('the policy that users are given', () => {
  it('allows the commands that are called in their accounts, and no others', () => {
    expect(commands.length).toBeGreaterThan(10);
    const allowed = statements.flatMap(({ Action }) => Action);
    expect([...new Set(allowed)].toSorted()).toEqual([...new Set(commands.map((name) => `ec2:${name}`))].toSorted());
  });

  it('lets change only what carries our tag, or gets it as it is made', () => {
    const changing = statements.filter(({ Action }) => Action.some((action) => !/^ec2:(Describe|Run)/.test(action)));
    expect(changing.map(({ Effect, Condition }) => [Effect, Condition])).toEqual([
      ['Allow', { StringEquals: { 'ec2:CreateAction': 'RunInstances' } }],
      ['Allow', { StringLike: { [`aws:ResourceTag/${vmIdTag}`]: '*' } }],
    ]);
  });
});
