import { notFound } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { viewOf } from '../domain/user.ts';
import type { UserStore } from '../ports.ts';

export const getUser =
  ({ users }: { users: UserStore }): UseCase<(typeof userRoutes)['users.get']> =>
  async ({ params }) => {
    const user = await users.find(params.id);
    if (user === undefined) throw notFound();
    return { data: viewOf(user), version: user.version };
  };
