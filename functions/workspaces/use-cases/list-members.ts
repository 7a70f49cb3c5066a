import { notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import type { Profile } from '../domain/member.ts';
import type { MemberStore, UserDirectory } from '../ports.ts';

interface Stores {
  members: MemberStore;
  users: UserDirectory;
}

/** Rows say who their users are; those that are too new to say it cost one trip more. */
export const listMembers =
  ({ members, users }: Stores): UseCase<(typeof workspaceRoutes)['members.list']> =>
  async ({ params, query }) => {
    const rows = await members.list(params.id);
    // A workspace has an owner from its first moment to its last.
    if (rows.length === 0) throw notFound();
    const nameless = rows.filter(({ profile }) => profile === undefined).map(({ user_id }) => user_id);
    const people = nameless.length === 0 ? [] : await users.getMany(nameless);
    const read = new Map<string, Profile>(people.map((person) => [person.id, person]));
    const named = rows.flatMap(({ user_id, role, joined_at, version, profile = read.get(user_id) }) =>
      profile === undefined ? [] : [{ user_id, email: profile.email, name: profile.name, role, joined_at, version }],
    );
    const { page, pagination } = pageOf(named, query);
    return { data: { members: page, pagination } };
  };
