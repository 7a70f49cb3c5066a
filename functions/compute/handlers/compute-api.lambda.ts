import { computeRoutes } from '../../../contracts/compute/routes.ts';
import { onlyCredentialOf } from '../../credentials/index.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { holdings } from '../store/holdings.ts';
import { createVmStore } from '../store/vm-store.ts';
import { computeUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const { table } = dependencies;

const useCases = computeUseCases({
  vms: createVmStore(table),
  holdings,
  credentials: { onlyOf: onlyCredentialOf(table) },
});

export const handler = createApi(computeRoutes, useCases, dependencies);
