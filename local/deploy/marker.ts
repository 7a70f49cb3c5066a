import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import type { Settings } from '../settings.ts';
import { secretsClient } from './outputs.ts';

// In the emulator's own state, so that it is kept, lost and restored together with the stacks it speaks of.
const name = 'local-stage/deployed-inputs';

export interface Deployed {
  /** Hash of the inputs that the emulator's stacks were deployed from. */
  inputs: string;
  /** Version of the CDK that bootstrapped it. */
  cdk: string;
}

/** What the emulator holds, if it was ever deployed to. */
export const readMarker = async (settings: Settings): Promise<Deployed | undefined> => {
  try {
    const { SecretString } = await secretsClient(settings).send(new GetSecretValueCommand({ SecretId: name }));
    return JSON.parse(SecretString ?? 'null') ?? undefined;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

export const writeMarker = async (settings: Settings, deployed: Deployed): Promise<void> => {
  const client = secretsClient(settings);
  const SecretString = JSON.stringify(deployed);
  try {
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateSecretCommand({ Name: name, SecretString }));
  }
};
