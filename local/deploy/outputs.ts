import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { emulatorUrl, type Settings } from '../settings.ts';

/** Outputs of all stacks by name, as `TableName` or `HttpApiId`. */
export type Outputs = Readonly<Record<string, string | undefined>>;

export const outputsFile = (settings: Settings): string => join(settings.dir, 'outputs.json');

export const readOutputs = (settings: Settings): Outputs => {
  const byStack = JSON.parse(readFileSync(outputsFile(settings), 'utf8')) as Record<string, Record<string, string>>;
  return Object.assign({}, ...Object.values(byStack));
};

export const secretsClient = (settings: Settings): SecretsManagerClient =>
  new SecretsManagerClient({
    endpoint: emulatorUrl(settings),
    region: settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** What the edge proves itself with. */
export const readOriginSecret = async (settings: Settings, outputs: Outputs): Promise<string> => {
  const name = outputs.OriginSecretName;
  if (name === undefined) throw new Error('cannot read the origin secret: the stacks have no output OriginSecretName');
  const { SecretString } = await secretsClient(settings).send(new GetSecretValueCommand({ SecretId: name }));
  if (!SecretString) throw new Error(`cannot read the origin secret: ${name} is empty`);
  return SecretString;
};
