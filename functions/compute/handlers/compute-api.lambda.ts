import { computeRoutes } from '../../../contracts/compute/routes.ts';
import { onlyCredentialOf } from '../../credentials/index.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { createKmsClient } from '../../platform/crypto/kms-client.ts';
import { readEnv } from '../../platform/env.ts';
import { vcpusOf } from '../catalog/index.ts';
import { createHistoryStore } from '../store/history-store.ts';
import { holdings } from '../store/holdings.ts';
import { createUserDataStore } from '../store/user-data-store.ts';
import { createVmStore } from '../store/vm-store.ts';
import { computeUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const { table } = dependencies;
const { CREDENTIALS_KEY_ID: keyId } = readEnv({ CREDENTIALS_KEY_ID: 'string' });

const useCases = computeUseCases({
  vms: createVmStore(table),
  holdings,
  credentials: { onlyOf: onlyCredentialOf(table) },
  history: createHistoryStore(table),
  userData: createUserDataStore({ kms: createKmsClient(), keyId }),
  vcpusOf: vcpusOf({ table, now: () => new Date() }),
});

export const handler = createApi(computeRoutes, useCases, dependencies);
