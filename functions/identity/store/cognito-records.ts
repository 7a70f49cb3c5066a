import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { invalid } from '../../../contracts/errors.ts';
import type { AccountRecords } from '../ports.ts';
import { ask, nameOf } from './cognito-call.ts';
import type { Pool } from './cognito-client.ts';

const invalidPassword = () => invalid([{ path: 'body.password', message: 'is not one that can be used' }]);

/** What makes, ends and silences accounts in the pool; it can sign nobody in. */
export function createAccountRecords({ client, userPoolId }: Omit<Pool, 'clientId'>): AccountRecords {
  const idOf = (userId: string) => ({ UserPoolId: userPoolId, Username: userId });

  return {
    async create(userId, password) {
      await ask((options) =>
        client.send(new AdminCreateUserCommand({ ...idOf(userId), MessageAction: 'SUPPRESS' }), options),
      ).catch((error: unknown) => {
        // An answer that was lost and asked for again: the id is new, so nobody else can have made it.
        if (nameOf(error) !== 'UsernameExistsException') throw error;
      });
      await ask((options) =>
        client.send(new AdminSetUserPasswordCommand({ ...idOf(userId), Password: password, Permanent: true }), options),
      ).catch((error: unknown) => {
        throw ['InvalidPasswordException', 'InvalidParameterException'].includes(nameOf(error))
          ? invalidPassword()
          : error;
      });
    },

    async revokeAll(userId) {
      await ask((options) => client.send(new AdminUserGlobalSignOutCommand(idOf(userId)), options));
    },

    async remove(userId) {
      await ask((options) => client.send(new AdminDeleteUserCommand(idOf(userId)), options)).catch((error: unknown) => {
        if (nameOf(error) !== 'UserNotFoundException') throw error;
      });
    },
  };
}
