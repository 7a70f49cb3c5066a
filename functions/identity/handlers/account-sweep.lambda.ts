import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createTable, createTableClient } from '../../platform/table/index.ts';
import { createAccountList } from '../store/account-list.ts';
import { createCognitoClient } from '../store/cognito-client.ts';
import { createAccountRemoval } from '../store/cognito-removal.ts';
import { createUserStore } from '../store/user-store.ts';
import { sweepAccounts } from '../use-cases/sweep-accounts.ts';

const { TABLE_NAME: tableName, USER_POOL_ID: userPoolId } = readEnv({ TABLE_NAME: 'string', USER_POOL_ID: 'string' });
const pool = { client: createCognitoClient(), userPoolId };
const logger = createLogger();
const metrics = createMetrics();
/** Ids that a line names; the metric counts all. */
const mostNamed = 50;

const sweep = sweepAccounts({
  accounts: { ...createAccountList(pool), ...createAccountRemoval(pool) },
  users: createUserStore(createTable({ client: createTableClient(), tableName })),
  now: () => new Date(),
});

/** `most`: what a person who looked first lets it remove. The clock sends none. */
export const handler = async ({ most }: { most?: number }): Promise<void> => {
  const { accounts, removed, missing } = await sweep(most);
  logger.info('swept accounts', { accounts, removed: removed.slice(0, mostNamed) });
  if (missing.length > 0) logger.error('users have no account', { users: missing.slice(0, mostNamed) });
  metrics.addMetric('AccountsRemoved', MetricUnit.Count, removed.length);
  metrics.addMetric('UsersWithoutAccount', MetricUnit.Count, missing.length);
  metrics.publishStoredMetrics();
};
