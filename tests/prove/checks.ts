import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A command that holds a row beside its tests. */
export interface CheckResult {
  row: number;
  name: string;
  outcome: 'passed' | 'failed' | 'not run';
  /** Why it was not run. */
  note: string;
}

interface Check {
  name: string;
  command: string;
  args: string[];
  /** What its output says where it can not be run here, which is no verdict. */
  impossible?: RegExp;
}

const checks: readonly Check[] = [
  { name: 'Biome', command: 'biome', args: ['ci'] },
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'knip', command: 'knip', args: [] },
  { name: 'cdk-nag', command: 'cdk', args: ['synth', '--quiet', '--output', '.local-prove/cdk.out'] },
  {
    name: 'npm audit',
    command: 'npm',
    args: ['audit', '--audit-level=high'],
    impossible: /audit endpoint returned an error|ENOTFOUND|ECONNREFUSED/,
  },
];

/** Row 26's commands, one after another. */
export function runChecks(root: string): CheckResult[] {
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
  return checks.map(({ name, command, args, impossible }) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path },
      encoding: 'utf8',
      maxBuffer: 64 * 1_048_576,
    });
    if (status !== 0 && impossible?.test(`${stdout}${stderr}`) === true)
      return { row: 26, name, outcome: 'not run', note: 'the registry here answers no audits' };
    if (status !== 0) console.error(`${name}:\n${stdout}${stderr}`);
    return { row: 26, name, outcome: status === 0 ? 'passed' : 'failed', note: '' };
  });
}
