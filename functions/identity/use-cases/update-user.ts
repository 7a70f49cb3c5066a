import { forbidden, notFound } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import { permissionsOf } from '../../../contracts/shared/permissions.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { changeUser, viewOf } from '../domain/user.ts';
import type { AccessStore, AccountRecords, Report, UserStore } from '../ports.ts';

interface UpdateUser {
  users: UserStore;
  access: AccessStore;
  accounts: AccountRecords;
  report: Report;
}

/** A user changes who it is; what it may do takes the permission, for oneself as for others. */
export const updateUser =
  ({ users, access, accounts, report }: UpdateUser): UseCase<(typeof userRoutes)['users.update']> =>
  async ({ params, body }, call) => {
    const isGoverned = body.role !== undefined || body.is_active !== undefined;
    if (isGoverned && !permissionsOf(call.caller.role).includes('user:update')) throw forbidden();
    const user = await users.find(params.id);
    if (user === undefined) throw notFound();
    call.expectVersion(user.version);
    const next = changeUser(user, body, call.now);
    const writes = next === user ? [] : [...users.change(user, next), ...access.change(user, next)];
    const answer = await call.commit(writes, { data: viewOf(next), version: next.version });
    if (user.is_active && !next.is_active) {
      await accounts
        .revokeAll(user.id)
        .catch((error: unknown) => report('cannot sign a disabled user out at Cognito', error));
    }
    return answer;
  };
