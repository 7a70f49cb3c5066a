import { readEnv } from '../env.ts';
import { createKmsClient } from './kms-client.ts';
import type { OpenWith } from './open.ts';

/** For a function that opens secrets: by the stage's own key, and by those of the stages that its data came from. It seals by the first alone. */
export function openingFromEnv(): Pick<OpenWith, 'kms' | 'keyId' | 'formerKeyIds'> {
  const env = readEnv({ CREDENTIALS_KEY_ID: 'string', FORMER_KEY_IDS: 'text' });
  const formerKeyIds = env.FORMER_KEY_IDS.split(',').filter((id) => id !== '');
  return { kms: createKmsClient(), keyId: env.CREDENTIALS_KEY_ID, formerKeyIds };
}
