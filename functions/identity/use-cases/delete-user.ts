import { conflict, forbidden, notFound } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { splitMemberships } from '../domain/deletion.ts';
import type { AccessStore, AccountRecords, Departures, Report, SessionStore, UserStore } from '../ports.ts';

interface DeleteUser {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  accounts: AccountRecords;
  departures: Departures;
  report: Report;
}

/**
 * All of a user in the table goes in one transaction, memberships too; the account at Cognito after it. One that stays there, because Cognito did not
 * answer, opens nothing: no user of ours has its id.
 */
export const deleteUser =
  ({
    users,
    access,
    sessions,
    accounts,
    departures,
    report,
  }: DeleteUser): UseCase<(typeof userRoutes)['users.delete']> =>
  async ({ params: { id } }, call) => {
    if (call.caller.keyId !== undefined && id === call.caller.userId) throw forbidden('auth.session_only');
    const [found, belongings] = await Promise.all([sessions.load(id), users.belongings(id)]);
    if (found === undefined) throw notFound();
    const { user } = found;
    call.expectVersion(user.version);
    const { owned, keys, memberships } = found.access;
    if (owned > 0) throw conflict('user.owns_workspaces', { data: { blocking: { workspaces: owned } } });

    const { before, together } = splitMemberships(memberships, belongings.length);
    // Nobody leaves a workspace for a deletion that is then refused.
    if (before.length > 0 && (await access.isLastAdmin(user))) throw conflict('user.last_admin');
    for (const [workspaceId, role] of before) await departures.leave(id, workspaceId, role);

    const writes = [
      ...users.remove(user),
      ...access.remove(user, { memberships: together, keys }),
      ...departures.writes(id, together),
      ...belongings,
    ];
    const answer = await call.commit<undefined>(writes, { resourceId: id });
    await accounts.remove(id).catch((error: unknown) => report('cannot remove the account of a deleted user', error));
    return answer;
  };
