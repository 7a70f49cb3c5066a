import type { apiKeyRoutes } from '../../../contracts/identity/api-key-routes.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type {
  AccessStore,
  AccountRecords,
  ApiKeyStore,
  CodeStore,
  Departures,
  NewKeyText,
  Report,
  SessionStore,
  UserStore,
} from '../ports.ts';
import { createApiKey } from './create-api-key.ts';
import { createUser } from './create-user.ts';
import { deleteApiKey } from './delete-api-key.ts';
import { deleteUser } from './delete-user.ts';
import { getUser } from './get-user.ts';
import { listApiKeys } from './list-api-keys.ts';
import { listUsers } from './list-users.ts';
import { updateUser } from './update-user.ts';

export interface UserDependencies {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  accounts: AccountRecords;
  departures: Departures;
  apiKeys: ApiKeyStore;
  codes: CodeStore;
  newKeyText: NewKeyText;
  report: Report;
}

export const userUseCases = (dependencies: UserDependencies): UseCases<typeof userRoutes & typeof apiKeyRoutes> => ({
  'users.list': listUsers(dependencies),
  'users.create': createUser(dependencies),
  'users.get': getUser(dependencies),
  'users.update': updateUser(dependencies),
  'users.delete': deleteUser(dependencies),
  'apikeys.create': createApiKey(dependencies),
  'apikeys.list': listApiKeys(dependencies),
  'apikeys.delete': deleteApiKey(dependencies),
});
