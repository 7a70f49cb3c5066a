import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import type { ListedAccount } from '../domain/sweep.ts';
import type { AccountList } from '../ports.ts';
import { ask } from './cognito-call.ts';
import type { Pool } from './cognito-client.ts';

/** Cognito's most. */
const pageSize = 60;

/** Accounts of a user pool, page by page. Those of other providers have names of theirs, not our ids, and are left out. */
export const createAccountList = ({ client, userPoolId }: Omit<Pool, 'clientId'>): AccountList => ({
  async *list() {
    let token: string | undefined;
    do {
      const command = new ListUsersCommand({
        UserPoolId: userPoolId,
        Limit: pageSize,
        // The user name comes anyway.
        AttributesToGet: [],
        ...(token !== undefined && { PaginationToken: token }),
      });
      const page = await ask((options) => client.send(command, options));
      token = page.PaginationToken;
      yield (page.Users ?? []).flatMap(
        ({ Username: userId, UserCreateDate: madeAt, UserStatus: status }): ListedAccount[] =>
          userId === undefined || madeAt === undefined || status === 'EXTERNAL_PROVIDER' ? [] : [{ userId, madeAt }],
      );
    } while (token !== undefined);
  },
});
