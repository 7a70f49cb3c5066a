import { apiKeyRoutes } from '../../../contracts/identity/api-key-routes.ts';
import { userRoutes } from '../../../contracts/identity/user-routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { newApiKeyText } from '../../platform/auth/api-key.ts';
import { readEnv } from '../../platform/env.ts';
import { createDepartures } from '../../workspaces/index.ts';
import { createAccessStore } from '../store/access-store.ts';
import { createApiKeyStore } from '../store/api-key-store.ts';
import { createCodeStore } from '../store/code-store.ts';
import { createCognitoClient } from '../store/cognito-client.ts';
import { createAccountRecords } from '../store/cognito-records.ts';
import { createSessionStore } from '../store/session-store.ts';
import { createUserStore } from '../store/user-store.ts';
import { userUseCases } from '../use-cases/user-use-cases.ts';

const env = readEnv({ USER_POOL_ID: 'string' });
const dependencies = apiDependenciesFromEnv();
const { table, logger } = dependencies;

const useCases = userUseCases({
  users: createUserStore(table),
  access: createAccessStore(table),
  sessions: createSessionStore(table),
  accounts: createAccountRecords({ client: createCognitoClient(), userPoolId: env.USER_POOL_ID }),
  departures: createDepartures(table),
  apiKeys: createApiKeyStore(table),
  codes: createCodeStore(table),
  newKeyText: newApiKeyText,
  report: logger.error,
});

export const handler = createApi({ ...userRoutes, ...apiKeyRoutes }, useCases, dependencies);
