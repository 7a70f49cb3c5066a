import type { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { UserStore } from '../ports.ts';

export const checkEmail =
  ({ users }: { users: UserStore }): UseCase<(typeof accountRoutes)['auth.check_email']> =>
  async ({ query }) => ({ data: { available: (await users.findByEmail(query.email)) === undefined } });
