import { systemRoutes } from '../../../contracts/system/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { configurationOf } from '../domain/configuration.ts';
import { knownRoutes } from '../domain/known-routes.ts';
import { refuseUnknown } from '../domain/refuse-unknown.ts';
import { createCountStore } from '../store/count-store.ts';
import { createProcessMeter } from '../store/process-meter.ts';
import { createCountedClient, probesOf } from '../store/table-probe.ts';
import { systemUseCases } from '../use-cases/index.ts';

const env = readEnv({
  TABLE_NAME: 'string',
  STAGE: 'string',
  VERSION: 'string',
  AWS_REGION: 'string',
  LOG_LEVEL: 'string',
  USER_POOL_ID: 'string',
  USER_POOL_CLIENT_ID: 'string',
  AWS_ENDPOINT_URL: 'text',
});
// One client for all that this process asks of the table, so that its sockets are all that there are.
const { client, agents } = createCountedClient();
const dependencies = apiDependenciesFromEnv(client);
const probes = probesOf(dependencies.table, agents);

const useCases = systemUseCases({
  probe: probes.table,
  cacheProbe: probes.cache,
  counts: createCountStore(dependencies.table),
  figures: createProcessMeter(),
  version: env.VERSION,
  stage: env.STAGE,
  configuration: configurationOf({
    stage: env.STAGE,
    version: env.VERSION,
    region: env.AWS_REGION,
    logLevel: env.LOG_LEVEL,
    tableName: env.TABLE_NAME,
    userPoolId: env.USER_POOL_ID,
    clientId: env.USER_POOL_CLIENT_ID,
    limits: { ...dependencies.limits },
    endpoint: env.AWS_ENDPOINT_URL,
  }),
});

/** Also the function behind `$default`: what comes without a route is refused by the table of all routes. */
export const handler = createApi(systemRoutes, useCases, dependencies, {
  refuseUnknown: refuseUnknown(knownRoutes),
});
