import type { Accounts } from '../ports.ts';
import type { Pool } from './cognito-client.ts';
import { createAccountRecords } from './cognito-records.ts';
import { createSignIns } from './cognito-sign-ins.ts';

/**
 * Accounts in a Cognito user pool, whose user name is our user id. Nobody gets at them past this: the pool has no self sign-up, no aliases and one client
 * with a secret, for the admin password flow alone, and its access tokens lack the scope to call Cognito (handlers/token-scopes.lambda.ts).
 */
export const createCognitoAccounts = (pool: Pool): Accounts => ({
  ...createAccountRecords(pool),
  ...createSignIns(pool),
});
