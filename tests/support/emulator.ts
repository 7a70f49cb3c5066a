import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Outputs, readOutputs } from '../../local/deploy/outputs.ts';
import { findProcess, type ProcessName } from '../../local/processes/background.ts';
import { emulatorUrl, readSettings, type Settings } from '../../local/settings.ts';
import { type Endpoints, startStack as start } from '../../local/start-stack.ts';
import { stopStack } from '../../local/stop-stack.ts';
import { findPort } from './ports.ts';

/** Just MiniStack, on a port of its own with nothing in it: for what needs no deployment. */
export { type InProcessEmulator as Emulator, startInProcessEmulator as startEmulator } from './in-process-emulator.ts';

export interface StackOptions {
  /** State folder, which names the stack; `.local-test` when left out. Emptied first. */
  dir?: string;
  /** Folder of another CDK app than the project's. */
  app?: string;
  /** Settings of the stage, as `cdk -c key=value`: `{ limits: '{"user":5}' }`. */
  context?: Record<string, string>;
  /**
   * More environment for the emulator and so for all functions. With the settings it can name a proxy in front of a
   * service: `({ ports }) => ({ AWS_ENDPOINT_URL_DYNAMODB: … })`, see startDynamodbProxy.
   */
  emulatorEnv?: (settings: Settings) => Record<string, string>;
  /** Go on with a stack of this folder that runs, or whose state is there: seconds less for who tries again and again. */
  keep?: boolean;
}

export interface TestStack {
  settings: Settings;
  endpoints: Endpoints;
  outputs: Outputs;
  /** What every AWS client of it is made with. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** Ends it and removes its state; a kept one runs on. */
  stop(): Promise<void>;
}

const portOf = async (settings: Settings, name: ProcessName): Promise<number> =>
  findProcess(settings, name)?.port ?? (await findPort());

/** A state folder of this run's own, so that runs side by side don't meet; one that is kept (KEEP_STACK=1) is found again. */
export const ownFolder = (name: string): string => (process.env.KEEP_STACK === '1' ? name : `${name}-${process.pid}`);

/** With patience: what was killed may be ending still. */
const removeFolder = (dir: string): void => rmSync(dir, { recursive: true, force: true, maxRetries: 20 });

/** No tick comes between a test's calls, nor meets a fault that was meant for one. */
const stillClocks = { reconcile: 'false', timers: 'false' };

const quietly = async <T>(_title: string, work: () => T | Promise<T>): Promise<T> => work();

/**
 * A deployed stack of its own, side by side with any other. It ends with this process, however that ends, unless it is
 * kept. To be started once for many test files: from vitest's global set-up.
 */
export async function startStack(options: StackOptions = {}): Promise<TestStack> {
  const { keep = process.env.KEEP_STACK === '1' } = options;
  const defaults = readSettings({});
  const dir = resolve(defaults.root, options.dir ?? '.local-test');
  const context = { ...stillClocks, ...options.context };
  const located: Settings = { ...defaults, dir, app: options.app ?? defaults.app, context };
  if (!keep) {
    await stopStack(located, 'SIGKILL');
    removeFolder(dir);
  }
  mkdirSync(dir, { recursive: true });
  const ports = {
    edge: await portOf(located, 'edge'),
    emulator: await portOf(located, 'emulator'),
    ec2: await portOf(located, 'ec2-proxy'),
  };
  const settings: Settings = { ...located, ports };
  settings.emulatorEnv = options.emulatorEnv?.(settings) ?? {};
  const stop = async (): Promise<void> => {
    if (keep) return;
    await stopStack(settings, 'SIGKILL');
    removeFolder(dir);
  };
  try {
    const endpoints = await start(settings, { attached: !keep, step: quietly });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = { endpoint: emulatorUrl(settings), region: settings.region, credentials };
    return { settings, endpoints, outputs: readOutputs(settings), client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
