import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clientEnvironment, type Settings } from '../settings.ts';
import { takeLock } from '../setup/lock.mjs';
import { run } from '../setup/run.mjs';
import { outputsFile } from './outputs.ts';

const cdkEnvironment = (settings: Settings): NodeJS.ProcessEnv => ({
  ...process.env,
  ...clientEnvironment(settings),
  // The app runs `node`: this one first.
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: 'true',
  CI: 'true',
  NO_COLOR: '1',
});

const cdk = (settings: Settings, args: readonly string[], cwd: string): Promise<string> =>
  run(
    process.execPath,
    [join(settings.root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices', '--no-version-reporting'],
    {
      cwd,
      env: cdkEnvironment(settings),
      tells: /FAILED|❌|Error/,
    },
  );

export const cdkVersion = (settings: Settings): string =>
  JSON.parse(readFileSync(join(settings.root, 'node_modules', 'aws-cdk', 'package.json'), 'utf8')).version;

const assembly = (settings: Settings): string => join(settings.dir, 'cdk.out');

const contextOf = (settings: Settings): string[] => {
  const context = { stage: settings.stage, ...settings.context };
  return Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
};

/** The roles and the bucket that the CDK deploys with. Run elsewhere: in the project's folder it would synthesise first. */
export const bootstrap = (settings: Settings): Promise<string> =>
  cdk(settings, ['bootstrap', `aws://${settings.account}/${settings.region}`], tmpdir());

// The app bundles into its own folder: two at once, of stacks side by side, would take each other's files away.
const alone = async <T>(settings: Settings, work: () => Promise<T>): Promise<T> => {
  for (;;) {
    const lock = takeLock(join(settings.app, '.local-setup', 'synth'));
    if (lock.holder === undefined) return work().finally(lock.release);
    await pause(100);
  }
};

/** Makes the templates and bundles. */
export const synthesise = (settings: Settings): Promise<string> => {
  mkdirSync(settings.dir, { recursive: true });
  const args = ['synth', '--quiet', '--output', assembly(settings), ...contextOf(settings)];
  return alone(settings, () => cdk(settings, args, settings.app));
};

/** Deploys all stacks of the assembly, and writes their outputs. */
export const deployStacks = (settings: Settings): Promise<string> =>
  cdk(
    settings,
    [
      'deploy',
      '--all',
      '--app',
      assembly(settings),
      '--outputs-file',
      outputsFile(settings),
      '--require-approval',
      'never',
      '--method',
      'direct',
      '--concurrency',
      '4',
      '--asset-parallelism',
      '--progress',
      'events',
    ],
    tmpdir(),
  );
