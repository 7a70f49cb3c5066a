import { routes } from '../../../contracts/routes.ts';
import { systemRoutes } from '../../../contracts/system/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { refuseUnknown } from '../domain/refuse-unknown.ts';
import { createProcessMeter } from '../store/process-meter.ts';
import { probeTable } from '../store/table-probe.ts';
import { systemUseCases } from '../use-cases/index.ts';

const env = readEnv({ TABLE_NAME: 'string', STAGE: 'string', VERSION: 'string' });

const useCases = systemUseCases({
  probe: probeTable(env.TABLE_NAME),
  figures: createProcessMeter(),
  version: env.VERSION,
  stage: env.STAGE,
});

/** Also the function behind `$default`: what comes without a route is refused by the table of all routes. */
export const handler = createApi(systemRoutes, useCases, apiDependenciesFromEnv(), {
  refuseUnknown: refuseUnknown(routes),
});
