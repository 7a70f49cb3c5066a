import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { callEvery, daily } from './clock.ts';
import type { Data } from './data.ts';
import { dailyMaximum } from './own-metric.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems } from './table-rights.ts';

/** Keeps the accounts at Cognito and the users of the table one to one, once a day. */
export function addAccountSweep(scope: Construct, stage: Stage, data: Data, alarms: Alarms): void {
  const { userPool } = data;
  const sweep = new PlatformFunction(scope, 'account-sweep', stage, {
    name: 'account-sweep',
    alarms,
    environment: { USER_POOL_ID: userPool.userPoolId },
  });
  allowItems(sweep, data.table, 'dynamodb:BatchGetItem', { partitions: ['USER#*'] });
  allowItems(sweep, data.table, 'dynamodb:Query', { partitions: ['EMAIL'] });
  sweep.allow(['cognito-idp:AdminDeleteUser', 'cognito-idp:ListUsers'], [userPool.userPoolArn]);
  callEvery(sweep, daily, { name: 'account-sweep', alarms, enabled: stage.settings.accountSweep });
  alarms.watch('users-without-account', {
    metric: dailyMaximum('account-sweep', 'UsersWithoutAccount'),
    over: 0,
    meaning: 'There are users who have no account at Cognito: they cannot sign in.',
    action: 'read in the log of account-sweep who they are, and have them reset their passwords.',
    chapter: 'users-without-an-account',
  });
}
