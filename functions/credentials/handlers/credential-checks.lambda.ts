import { credentialCheckRoutes } from '../../../contracts/credentials/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { openingFromEnv } from '../../platform/crypto/opening-from-env.ts';
import { oursFromEnv } from '../ours-from-env.ts';
import { verifiers } from '../providers/index.ts';
import { createCredentialStore } from '../store/credential-store.ts';
import { createOpenData, createResealData } from '../store/open-data.ts';
import { credentialCheckUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const using = openingFromEnv();

const useCases = credentialCheckUseCases({
  credentials: createCredentialStore(dependencies.table),
  open: createOpenData(using),
  reseal: createResealData(using),
  verifiers,
  ours: oursFromEnv(),
});

export const handler = createApi(credentialCheckRoutes, useCases, dependencies);
