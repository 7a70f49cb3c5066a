import { notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import type { MemberStore, UserDirectory } from '../ports.ts';

interface Stores {
  members: MemberStore;
  users: UserDirectory;
}

/** Names and addresses are the users' own and change there, so they are read, not copied: one trip more. */
export const listMembers =
  ({ members, users }: Stores): UseCase<(typeof workspaceRoutes)['members.list']> =>
  async ({ params, query }) => {
    const rows = await members.list(params.id);
    // A workspace has an owner from its first moment to its last.
    if (rows.length === 0) throw notFound();
    const people = new Map(
      (await users.getMany(rows.map(({ user_id }) => user_id))).map((person) => [person.id, person]),
    );
    const named = rows.flatMap(({ user_id, role, joined_at }) => {
      const person = people.get(user_id);
      return person === undefined ? [] : [{ user_id, email: person.email, name: person.name, role, joined_at }];
    });
    const { page, pagination } = pageOf(named, query);
    return { data: { members: page, pagination } };
  };
