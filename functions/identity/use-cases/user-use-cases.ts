import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { AccessStore, AccountRecords, CodeStore, Departures, Report, SessionStore, UserStore } from '../ports.ts';
import { deleteUser } from './delete-user.ts';
import { getUser } from './get-user.ts';
import { updateUser } from './update-user.ts';

export interface UserDependencies {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  codes: CodeStore;
  accounts: AccountRecords;
  departures: Departures;
  report: Report;
}

export const userUseCases = (dependencies: UserDependencies): UseCases<typeof userRoutes> => ({
  'users.get': getUser(dependencies),
  'users.update': updateUser(dependencies),
  'users.delete': deleteUser(dependencies),
});
