import { v7 as uuidv7 } from 'uuid';
import { createTokenVerifier } from '../auth/verify-token.ts';
import { readEnv } from '../env.ts';
import { createTable } from '../table/create-table.ts';
import { createTableClient } from '../table/table-client.ts';
import type { ApiDependencies } from './dependencies.ts';
import { readLimits } from './limits.ts';
import { createRequestLogger } from './request-logger.ts';

/** What every API function is wired with, made once a process from its environment. A client that is handed in serves the table. */
export function apiDependenciesFromEnv(tableClient = createTableClient()): ApiDependencies {
  const env = readEnv({
    TABLE_NAME: 'string',
    ORIGIN_SECRET_SHA256: 'list',
    USER_POOL_ID: 'string',
    USER_POOL_CLIENT_ID: 'string',
    LIMITS: readLimits,
    METER_HEADER: 'flag',
  });
  return {
    table: createTable({ client: tableClient, tableName: env.TABLE_NAME }),
    verifyToken: createTokenVerifier({ userPoolId: env.USER_POOL_ID, clientId: env.USER_POOL_CLIENT_ID }),
    limits: env.LIMITS,
    originSecretHashes: env.ORIGIN_SECRET_SHA256,
    logger: createRequestLogger(),
    now: () => new Date(),
    newId: uuidv7,
    showMeter: env.METER_HEADER,
  };
}
