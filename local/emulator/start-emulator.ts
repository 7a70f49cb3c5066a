import { dirname, join } from 'node:path';
import { hashFiles } from '../deploy/inputs.ts';
import type { Command } from '../processes/background.ts';
import { clientEnvironment, ec2Url, emulatorUrl, type Settings } from '../settings.ts';

const python = (settings: Settings): string => join(settings.root, '.venv', 'bin', 'python');
const programs = ['local/emulator', 'local/requirements.txt'];

const inherited = (): NodeJS.ProcessEnv => {
  const names = ['HOME', 'LANG', 'TZ'];
  return Object.fromEntries(names.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
};

/** What MiniStack needs to know. Its environment reaches the Lambda workers too. */
const emulatorEnvironment = (settings: Settings): NodeJS.ProcessEnv => ({
  ...inherited(),
  ...clientEnvironment(settings),
  // The workers run `node`: this one first.
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  AWS_ENDPOINT_URL_EC2: ec2Url(settings),
  // The default is every interface.
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(settings.ports.emulator),
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: settings.region,
  MINISTACK_ACCOUNT_ID: settings.account,
  PERSIST_STATE: '1',
  STATE_DIR: join(settings.dir, 'state'),
  S3_PERSIST: '1',
  S3_DATA_DIR: join(settings.dir, 's3'),
  LAMBDA_EXECUTOR: 'local',
  // IAM as on AWS: each call of a function needs what its role allows; Cognito wants the client's secret hash.
  AUTH: 'true',
  // The CDK's own custom resources take the SDK from the runtime, as on Lambda.
  NODE_PATH: join(settings.root, 'node_modules'),
  NODE_OPTIONS: '--no-deprecation',
  // Servers of services that the product does not use, and a container engine that it does without.
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  DOCKER_HOST: 'unix:///nonexistent.sock',
  ...settings.emulatorEnv,
});

export const emulatorCommand = (settings: Settings): Command => ({
  file: python(settings),
  args: [join(settings.root, 'local', 'emulator', 'launch.py')],
  env: emulatorEnvironment(settings),
  port: settings.ports.emulator,
  fingerprint: hashFiles(settings.root, programs, [settings.ports, settings.emulatorEnv, process.execPath]),
});

export const ec2Command = (settings: Settings, port: number): Command => ({
  file: python(settings),
  args: [
    join(settings.root, 'local', 'emulator', 'ec2.py'),
    '--port',
    String(port),
    '--state',
    join(settings.dir, 'ec2', 'machines.pickle'),
  ],
  env: {
    ...inherited(),
    PATH: process.env.PATH,
    MOTO_ACCOUNT_ID: settings.account,
    // As AWS does; without them any name is taken for a machine type, an image or a key pair.
    MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: 'true',
    MOTO_ENABLE_AMI_VALIDATION: 'true',
    MOTO_ENABLE_KEYPAIR_VALIDATION: 'true',
  },
  port,
  fingerprint: hashFiles(settings.root, programs),
});

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
};

export const emulatorAnswers = (settings: Settings): Promise<boolean> =>
  answers(`${emulatorUrl(settings)}/_ministack/health`);
export const ec2Answers = (port: number): Promise<boolean> => answers(`http://127.0.0.1:${port}/moto-api/`);
