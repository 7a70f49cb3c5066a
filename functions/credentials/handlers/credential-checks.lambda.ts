import { credentialCheckRoutes } from '../../../contracts/credentials/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { createKmsClient } from '../../platform/crypto/kms-client.ts';
import { readEnv } from '../../platform/env.ts';
import { oursFromEnv } from '../ours-from-env.ts';
import { verifiers } from '../providers/index.ts';
import { createCredentialStore } from '../store/credential-store.ts';
import { createOpenData, createResealData } from '../store/open-data.ts';
import { credentialCheckUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const { CREDENTIALS_KEY_ID: keyId } = readEnv({ CREDENTIALS_KEY_ID: 'string' });
const using = { kms: createKmsClient(), keyId };

const useCases = credentialCheckUseCases({
  credentials: createCredentialStore(dependencies.table),
  open: createOpenData(using),
  reseal: createResealData(using),
  verifiers,
  ours: oursFromEnv(),
});

export const handler = createApi(credentialCheckRoutes, useCases, dependencies);
