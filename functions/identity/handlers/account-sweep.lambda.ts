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

const accounts = { ...createAccountList(pool), ...createAccountRemoval(pool) };
const users = createUserStore(createTable({ client: createTableClient(), tableName }));

interface Tick {
  /** When the clock ticked, as its rule says it (ISO 8601): ages are counted up to then. */
  time?: string;
  /** What a person who looked first lets it remove. The clock sends none. */
  most?: number;
}

export const handler = async ({ time, most }: Tick): Promise<void> => {
  const now = () => (time === undefined ? new Date() : new Date(time));
  const swept = await sweepAccounts({ accounts, users, now })(most);
  const { removed, missing } = swept;
  logger.info('swept accounts', { accounts: swept.accounts, removed: removed.slice(0, mostNamed) });
  if (missing.length > 0) logger.error('users have no account', { users: missing.slice(0, mostNamed) });
  metrics.addMetric('AccountsRemoved', MetricUnit.Count, removed.length);
  metrics.addMetric('UsersWithoutAccount', MetricUnit.Count, missing.length);
  metrics.publishStoredMetrics();
};
