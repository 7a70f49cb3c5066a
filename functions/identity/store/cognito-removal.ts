import { AdminDeleteUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import type { AccountRecords } from '../ports.ts';
import { ask, nameOf } from './cognito-call.ts';
import type { Pool } from './cognito-client.ts';

/** Ends accounts in the pool; it can do nothing else. */
export const createAccountRemoval = ({
  client,
  userPoolId,
}: Omit<Pool, 'clientId'>): Pick<AccountRecords, 'remove'> => ({
  async remove(userId) {
    const command = new AdminDeleteUserCommand({ UserPoolId: userPoolId, Username: userId });
    await ask((options) => client.send(command, options)).catch((error: unknown) => {
      if (nameOf(error) !== 'UserNotFoundException') throw error;
    });
  },
});
