import type { Accounts } from '../ports.ts';
import type { Pool } from './cognito-client.ts';
import { createAccountRecords } from './cognito-records.ts';
import { createSignIns } from './cognito-sign-ins.ts';

/**
 * Accounts in a Cognito user pool, whose user name is our user id. The pool has no self sign-up, no aliases and one client with a secret, for the admin
 * password flow alone: its tokens and passwords can't be used past this.
 */
export const createCognitoAccounts = (pool: Pool): Accounts => ({
  ...createAccountRecords(pool),
  ...createSignIns(pool),
});
