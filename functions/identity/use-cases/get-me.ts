import { unauthorized } from '../../../contracts/errors.ts';
import type { identityRoutes } from '../../../contracts/identity/routes.ts';
import { permissionsOf } from '../../../contracts/shared/permissions.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { viewOf } from '../domain/user.ts';
import type { UserStore } from '../ports.ts';

export const getMe =
  ({ users }: { users: UserStore }): UseCase<(typeof identityRoutes)['auth.me']> =>
  async (_input, call) => {
    const user = await users.find(call.caller.userId);
    // Deleted between the counting of this call and here.
    if (user === undefined) throw unauthorized();
    return { data: { ...viewOf(user), permissions: [...permissionsOf(call.caller.role)] } };
  };
