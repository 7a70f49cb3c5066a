import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { providerRoutes } from '../../../contracts/providers/routes.ts';
// biome-ignore lint/style/noRestrictedImports: its reads of a provider open secrets, so what contexts may call does not hold it
import { chooseCredential } from '../../credentials/choose.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { openingFromEnv } from '../../platform/crypto/opening-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { catalogCaches } from '../catalog/caches.ts';
import { createEstimateStore } from '../catalog/estimate-store.ts';
import { orphansOf } from '../catalog/orphans.ts';
import { quotesOf } from '../catalog/quotes.ts';
import { catalogUseCases } from '../catalog/use-cases.ts';
import { catalogs } from '../providers/catalogs.ts';

const dependencies = apiDependenciesFromEnv();
const { table, now } = dependencies;
const metrics = createMetrics();
const env = readEnv({ AWS_REGION: 'string', PRICE_SERVICE: 'flag' });
const known = catalogs(env.AWS_REGION, env.PRICE_SERVICE);
const caches = catalogCaches({ table, now });

const useCases = catalogUseCases({
  catalogs: known,
  quotes: quotesOf(known, {
    caches,
    now,
    unanswered(provider, error) {
      dependencies.logger.error(`the price service of ${provider} does not answer`, error);
      // A metric of its own line: the request's line counts what the request spent.
      metrics.singleMetric().addMetric('PriceServiceFaults', MetricUnit.Count, 1);
    },
  }),
  caches,
  choose: chooseCredential({ table, ...openingFromEnv() }),
  estimates: createEstimateStore(table),
  orphans: orphansOf(table),
});

export const handler = createApi(providerRoutes, useCases, dependencies);
