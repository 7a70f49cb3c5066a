import { resolve } from 'node:path';
import { Refusal } from './setup/report.mjs';

/** Everything one local stack needs to know. Two of them run side by side when folder and ports differ. */
export interface Settings {
  /** The clone. */
  root: string;
  /** The folder of the CDK app, with its cdk.json. */
  app: string;
  /** The state folder. */
  dir: string;
  stage: string;
  account: string;
  region: string;
  ports: { edge: number; emulator: number; ec2: number };
  /** Values for the CDK app, as `cdk -c key=value`. */
  context: Record<string, string>;
  /** More environment for the emulator, and so for the functions it runs. */
  emulatorEnv: Record<string, string>;
}

export const root = resolve(import.meta.dirname, '..');

const port = (env: NodeJS.ProcessEnv, name: string, otherwise: number): number => {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    throw new Refusal(`cannot use ${name}=${text}: a port is a number from 1 to 65535`);
  }
  return value;
};

/** Reads PORT, EMULATOR_PORT, EC2_PORT, LOCAL_DIR, and LOCAL_APP: the folder of another CDK app than the project's. */
export const readSettings = (env: NodeJS.ProcessEnv = process.env): Settings => ({
  root,
  app: resolve(root, env.LOCAL_APP || '.'),
  dir: resolve(root, env.LOCAL_DIR || '.local'),
  stage: 'local',
  account: '111122223333',
  region: 'eu-west-1',
  ports: {
    edge: port(env, 'PORT', 8080),
    emulator: port(env, 'EMULATOR_PORT', 4566),
    ec2: port(env, 'EC2_PORT', 4567),
  },
  context: {},
  emulatorEnv: {},
});

export const emulatorUrl = ({ ports }: Settings): string => `http://127.0.0.1:${ports.emulator}`;
export const ec2Url = ({ ports }: Settings): string => `http://127.0.0.1:${ports.ec2}`;
export const baseUrl = ({ ports }: Settings): string => `http://localhost:${ports.edge}`;

/** The environment in which AWS clients reach this stack and nothing else. */
export const clientEnvironment = (settings: Settings): Record<string, string> => ({
  AWS_ENDPOINT_URL: emulatorUrl(settings),
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: settings.region,
  AWS_DEFAULT_REGION: settings.region,
  AWS_EC2_METADATA_DISABLED: 'true',
});
