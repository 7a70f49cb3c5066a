import { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { createKmsClient } from '../../platform/crypto/kms-client.ts';
import { readEnv } from '../../platform/env.ts';
import { oursFromEnv } from '../ours-from-env.ts';
import { createCredentialStore } from '../store/credential-store.ts';
import { createSealData } from '../store/seal-data.ts';
import { credentialUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const { CREDENTIALS_KEY_ID } = readEnv({ CREDENTIALS_KEY_ID: 'string' });

const useCases = credentialUseCases({
  credentials: createCredentialStore(dependencies.table),
  seal: createSealData({ kms: createKmsClient(), keyId: CREDENTIALS_KEY_ID }),
  ours: oursFromEnv(),
});

export const handler = createApi(credentialRoutes, useCases, dependencies);
