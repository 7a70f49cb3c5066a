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
  /** Run before it. */
  first?: { command: string; args: string[] };
  env?: Record<string, string>;
  /** What its output says where it can not be run here, which is no verdict. */
  impossible?: RegExp;
}

const python = '.venv/bin/python';
/** Beside the environment of the local stack, which is 150 MB smaller without it. */
const linter = '.local-prove/python';

const checks: readonly Check[] = [
  { name: 'Biome', command: 'biome', args: ['ci'] },
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'knip', command: 'knip', args: [] },
  { name: 'cdk-nag', command: 'cdk', args: ['synth', '--quiet', '--output', '.local-prove/cdk.out'] },
  {
    name: 'cfn-lint',
    first: {
      command: python,
      args: ['-m', 'pip', 'install', '--quiet', '--no-deps', '--upgrade', '--target', linter].concat(
        '-r',
        'tests/prove/requirements.txt',
      ),
    },
    command: python,
    // Of the templates that cdk-nag has just had made.
    args: [
      '-c',
      'from cfnlint.runner import main; main()',
      '--non-zero-exit-code',
      'error',
      '.local-prove/cdk.out/*.template.json',
    ],
    env: { PYTHONPATH: linter },
    impossible: /No matching distribution found|NewConnectionError/,
  },
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
  return checks.map(({ name, first, command, args, env, impossible }) => {
    const run = (what: { command: string; args: string[] }) =>
      spawnSync(what.command, what.args, {
        cwd: root,
        env: { ...process.env, PATH: path, ...env },
        encoding: 'utf8',
        maxBuffer: 64 * 1_048_576,
      });
    const begun = first && run(first);
    const { status, stdout, stderr } = begun === undefined || begun.status === 0 ? run({ command, args }) : begun;
    if (status !== 0 && impossible?.test(`${stdout}${stderr}`) === true)
      return { row: 26, name, outcome: 'not run', note: 'it was run without the internet' };
    if (status !== 0) console.error(`${name}:\n${stdout}${stderr}`);
    return { row: 26, name, outcome: status === 0 ? 'passed' : 'failed', note: '' };
  });
}
