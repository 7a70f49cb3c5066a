import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { invalid } from '../../../contracts/errors.ts';
import type { AccountRecords } from '../ports.ts';
import { ask, nameOf } from './cognito-call.ts';
import type { Pool } from './cognito-client.ts';
import { createAccountRemoval } from './cognito-removal.ts';

const invalidPassword = (field: string) => invalid([{ path: `body.${field}`, message: 'is not one that can be used' }]);

/** What makes, ends and silences accounts in the pool; it can sign nobody in. */
export function createAccountRecords({ client, userPoolId }: Omit<Pool, 'clientId'>): AccountRecords {
  const idOf = (userId: string) => ({ UserPoolId: userPoolId, Username: userId });

  async function make(userId: string) {
    await ask((options) =>
      client.send(new AdminCreateUserCommand({ ...idOf(userId), MessageAction: 'SUPPRESS' }), options),
    ).catch((error: unknown) => {
      // An answer that was lost and asked for again: the id is new, so nobody else can have made it.
      if (nameOf(error) !== 'UsernameExistsException') throw error;
    });
  }

  async function set(userId: string, password: string, field: string) {
    await ask((options) =>
      client.send(new AdminSetUserPasswordCommand({ ...idOf(userId), Password: password, Permanent: true }), options),
    ).catch((error: unknown) => {
      throw ['InvalidPasswordException', 'InvalidParameterException'].includes(nameOf(error))
        ? invalidPassword(field)
        : error;
    });
  }

  return {
    async create(userId, password) {
      await make(userId);
      if (password !== undefined) await set(userId, password, 'password');
    },

    async setPassword(userId, password) {
      try {
        await set(userId, password, 'new_password');
      } catch (error) {
        // Invited, and never had a password; or made at a provider.
        if (nameOf(error) !== 'UserNotFoundException') throw error;
        await make(userId);
        await set(userId, password, 'new_password');
      }
    },

    async revokeAll(userId) {
      await ask((options) => client.send(new AdminUserGlobalSignOutCommand(idOf(userId)), options));
    },

    ...createAccountRemoval({ client, userPoolId }),
  };
}
