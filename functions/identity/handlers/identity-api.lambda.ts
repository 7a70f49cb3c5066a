import { randomBytes } from 'node:crypto';
import { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import { identityRoutes } from '../../../contracts/identity/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { saltBytes } from '../domain/session.ts';
import { createAccessStore } from '../store/access-store.ts';
import { createApiKeyRemoval } from '../store/api-key-removal.ts';
import { createAttemptStore } from '../store/attempt-store.ts';
import { createCodeStore } from '../store/code-store.ts';
import { createCognitoAccounts } from '../store/cognito.ts';
import { createCognitoClient } from '../store/cognito-client.ts';
import { createLeaseStore } from '../store/lease-store.ts';
import { createSessionStore } from '../store/session-store.ts';
import { createUserStore } from '../store/user-store.ts';
import { identityUseCases } from '../use-cases/index.ts';

const env = readEnv({ USER_POOL_ID: 'string', USER_POOL_CLIENT_ID: 'string', ADMIN_EMAIL: 'text' });
const dependencies = apiDependenciesFromEnv();
const { table, logger } = dependencies;

const useCases = identityUseCases({
  users: createUserStore(table),
  access: createAccessStore(table),
  sessions: createSessionStore(table),
  leases: createLeaseStore(table),
  attempts: createAttemptStore(table),
  codes: createCodeStore(table),
  apiKeys: createApiKeyRemoval(table),
  accounts: createCognitoAccounts({
    client: createCognitoClient(),
    userPoolId: env.USER_POOL_ID,
    clientId: env.USER_POOL_CLIENT_ID,
  }),
  adminEmail: env.ADMIN_EMAIL,
  newSecret: () => randomBytes(32).toString('base64url'),
  newSalt: () => new Uint8Array(randomBytes(saltBytes)),
  report: logger.error,
});

export const handler = createApi({ ...identityRoutes, ...accountRoutes }, useCases, dependencies);
