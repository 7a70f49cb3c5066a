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

/** The hash of the inputs that the emulator's stacks were deployed from, if they were. */
export const readMarker = async (settings: Settings): Promise<string | undefined> => {
  try {
    return (await secretsClient(settings).send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

export const writeMarker = async (settings: Settings, hash: string): Promise<void> => {
  const client = secretsClient(settings);
  try {
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: hash }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateSecretCommand({ Name: name, SecretString: hash }));
  }
};
