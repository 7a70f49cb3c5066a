import { providerRoutes } from '../../../contracts/providers/routes.ts';
import { catalogCaches } from '../../../functions/compute/catalog/caches.ts';
import { createEstimateStore } from '../../../functions/compute/catalog/estimate-store.ts';
import { orphansOf } from '../../../functions/compute/catalog/orphans.ts';
import { quotesOf } from '../../../functions/compute/catalog/quotes.ts';
import { catalogUseCases } from '../../../functions/compute/catalog/use-cases.ts';
import type { ProviderCatalog } from '../../../functions/compute/providers/catalog.ts';
import { chooseCredential } from '../../../functions/credentials/choose.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { defaultLimits } from '../../../functions/platform/api/limits.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { Http } from '../../support/http-client.ts';
import { createInProcessHttp, inProcessDependencies, type Logged } from '../../support/in-process-api.ts';
import type { Backend } from '../../support/in-process-backend.ts';

interface Parts {
  catalog: ProviderCatalog;
  table: Table;
  now?: () => Date;
  logged?: Logged[];
  /** Is told of prices that nobody answered. */
  unanswered?: () => void;
}

/** The API of providers over a tenancy's table, with a catalog for AWS's; a token is the id of whose it is. */
export function createCatalogHttp(backend: Backend, parts: Parts): Http {
  const { catalog, table, now = () => new Date(), logged = [], unanswered = () => undefined } = parts;
  const verifyToken = async (token: string) => ({ userId: token, sessionId: 'session', expiresAt: 9_999_999_999 });
  const limits = { ...defaultLimits, user: 1_000_000 };
  const dependencies = inProcessDependencies({ table, verifyToken }, { limits, now }, logged);
  const catalogs = { aws: catalog };
  const caches = catalogCaches({ table, now });
  const useCases = catalogUseCases({
    catalogs,
    quotes: quotesOf(catalogs, { caches, now, unanswered }),
    caches,
    choose: chooseCredential({ table, kms: createKmsClient(backend.client), keyId: backend.credentialsKeyId }),
    estimates: createEstimateStore(table),
    orphans: orphansOf(table),
  });
  return createInProcessHttp({ 'providers-api': createApi(providerRoutes, useCases, dependencies) });
}
