import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, cdkVersion, deployStacks, synthesise } from './deploy/deploy.ts';
import { hashFiles, hashInputs } from './deploy/inputs.ts';
import { readMarker, writeMarker } from './deploy/marker.ts';
import { outputsFile } from './deploy/outputs.ts';
import { ec2Answers, ec2Command, emulatorAnswers, emulatorCommand } from './emulator/start-emulator.ts';
import { type Command, findProcess, type ProcessName, processNames } from './processes/background.ts';
import { ensureProcess, requireFreePort } from './processes/ensure.ts';
import { findFreePort } from './processes/ports.ts';
import { baseUrl, clientEnvironment, type Settings } from './settings.ts';
import { takeLock } from './setup/lock.mjs';
import { Refusal, step as shownStep } from './setup/report.mjs';

export interface StartOptions {
  /** End with this process instead of running on in the background. */
  attached?: boolean;
  /** How steps are told; to the terminal when left out. */
  step?: typeof shownStep;
}

const node = (
  settings: Settings,
  name: 'edge' | 'ec2-proxy',
  port: number,
  env: NodeJS.ProcessEnv,
  made: unknown,
): Command => ({
  file: process.execPath,
  args: [join(settings.root, 'local', name, 'main.ts')],
  env: {
    ...process.env,
    ...env,
    LOCAL_DIR: settings.dir,
    PORT: String(settings.ports.edge),
    EMULATOR_PORT: String(settings.ports.emulator),
    EC2_PORT: String(settings.ports.ec2),
  },
  port,
  fingerprint: hashFiles(settings.root, [`local/${name}`, 'local/settings.ts'], [settings.ports, made]),
});

const listens = (port: number) => async (): Promise<boolean> => {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
};

/** Refuses before anything is started when a port that will be needed is taken. */
const requireFreePorts = async (settings: Settings): Promise<void> => {
  const ports: [ProcessName, number][] = [
    ['edge', settings.ports.edge],
    ['emulator', settings.ports.emulator],
    ['ec2-proxy', settings.ports.ec2],
  ];
  for (const [name, port] of ports) {
    if (findProcess(settings, name)?.port !== port) await requireFreePort(name, port);
  }
};

const startEc2 = async (settings: Settings, attached: boolean): Promise<void> => {
  const port = findProcess(settings, 'ec2')?.port ?? (await findFreePort());
  const env = { EC2_TARGET: `http://127.0.0.1:${port}` };
  await together(
    ensureProcess(settings, 'ec2', { ...ec2Command(settings, port), attached }, () => ec2Answers(port)),
    ensureProcess(
      settings,
      'ec2-proxy',
      { ...node(settings, 'ec2-proxy', settings.ports.ec2, env, port), attached },
      listens(settings.ports.ec2),
    ),
  );
};

const startEdge = (settings: Settings, attached: boolean): Promise<boolean> => {
  const outputs = readFileSync(outputsFile(settings), 'utf8');
  const { edge } = settings.ports;
  return ensureProcess(settings, 'edge', { ...node(settings, 'edge', edge, {}, outputs), attached }, listens(edge));
};

/** Deploys the CDK app unless the emulator holds just that already. */
const deploy = async (settings: Settings, step: typeof shownStep): Promise<void> => {
  const inputs = hashInputs(settings.app, [settings.context, clientEnvironment(settings)]);
  const deployed = await readMarker(settings);
  if (existsSync(outputsFile(settings)) && deployed?.inputs === inputs) return;
  const cdk = cdkVersion(settings);
  await together(
    deployed?.cdk === cdk || step('CDK bootstrap', () => bootstrap(settings)),
    step('CDK synth', () => synthesise(settings)),
  );
  await step('CDK deploy', () => deployStacks(settings));
  await writeMarker(settings, { inputs, cdk });
};

export interface Endpoints {
  base_url: string;
  api_url: string;
  ws_url: string;
  docs_url: string;
  dashboard_url: string;
}

export const endpointsOf = (settings: Settings): Endpoints => {
  const base = baseUrl(settings);
  return {
    base_url: base,
    api_url: `${base}/api/v1`,
    ws_url: `${base.replace('http', 'ws')}/ws`,
    docs_url: `${base}/docs`,
    dashboard_url: `${base}/`,
  };
};

/** Waits for all, then fails with the first failure: nothing goes on behind an error. */
const together = async (...work: unknown[]): Promise<void> => {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
};

/** Brings the whole stack up, or to what the sources say now. Errors are Refusals: a sentence that says what to do. */
export const startStack = async (
  settings: Settings,
  { attached = false, step = shownStep }: StartOptions = {},
): Promise<Endpoints> => {
  mkdirSync(settings.dir, { recursive: true });
  const lock = takeLock(join(settings.dir, 'lock'));
  if (lock.holder !== undefined)
    throw new Refusal(
      `Another command (process ${lock.holder}) is at work on ${settings.dir}: wait until it is ready, then run this again.`,
    );
  process.once('exit', lock.release);
  try {
    await requireFreePorts(settings);
    await step('emulator', () =>
      ensureProcess(settings, 'emulator', { ...emulatorCommand(settings), attached }, () => emulatorAnswers(settings)),
    );
    await together(deploy(settings, step), startEc2(settings, attached));
    await step('edge', () => startEdge(settings, attached));
    const endpoints = endpointsOf(settings);
    writeFileSync(join(settings.dir, 'endpoints.json'), `${JSON.stringify(endpoints, null, 2)}\n`);
    return endpoints;
  } finally {
    process.off('exit', lock.release);
    lock.release();
  }
};

/** Everything that runs of this stack, by name. */
export const findProcesses = (settings: Settings) =>
  processNames.flatMap((name) => {
    const running = findProcess(settings, name);
    return running === undefined ? [] : [{ name, ...running }];
  });
