import { ApiError, conflict, forbidden, isStale, notFound } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import type { Answer, Call, UseCase } from '../../platform/api/call.ts';
import { splitDeparture } from '../domain/deletion.ts';
import type { User } from '../domain/user.ts';
import type {
  Access,
  AccessStore,
  AccountRecords,
  Departures,
  OwnWorkspace,
  Report,
  SessionStore,
  UserStore,
  Write,
} from '../ports.ts';
import { mostTurns } from './most-turns.ts';

interface DeleteUser {
  users: UserStore;
  access: AccessStore;
  sessions: SessionStore;
  accounts: AccountRecords;
  departures: Departures;
  report: Report;
}

/** A user as it was read, with all that goes with it. */
interface Leaving {
  user: User;
  access: Access;
  own: OwnWorkspace[];
  belongings: Write[];
}

/** Something came into what was to go, or went out of it: it is looked at anew. */
const hasMoved = (error: unknown) =>
  isStale(error) || (error instanceof ApiError && error.messageKey === 'workspace.not_empty');

const holdsSomething = ({ vms, credentials, members }: OwnWorkspace) => vms + credentials + members > 0;

/** Nobody's things are deleted along with another's account, nor what costs money at a cloud. */
function assertEmpty(own: readonly OwnWorkspace[]): void {
  const holding = own.filter(holdsSomething).map(({ end: _, ...held }) => held);
  if (holding.length > 0) throw conflict('user.owns_workspaces', { data: { blocking: { workspaces: holding } } });
}

/**
 * All of a user in the table goes in one transaction, with its memberships and the workspaces of its own that hold nothing; the account at Cognito after
 * it. One that stays there, because Cognito did not answer, opens nothing: no user of ours has its id, and a sweep removes it. What one transaction does
 * not hold goes ahead, each for itself; a deletion that is cut off there is gone on with by the next.
 */
export const deleteUser = (dependencies: DeleteUser): UseCase<(typeof userRoutes)['users.delete']> => {
  const { users, access, sessions, accounts, departures, report } = dependencies;

  async function look(id: string): Promise<Leaving> {
    const found = await sessions.load(id);
    if (found === undefined) throw notFound();
    const owner = Object.entries(found.access.memberships).filter(([, role]) => role === 'owner');
    const ids = found.access.owned === 0 ? [] : owner.map(([workspaceId]) => workspaceId);
    // After the principal, whose count of keys is held to the end: one that is made from now on is among these, or moves the count.
    const [belongings, own] = await Promise.all([
      users.belongings(id),
      ids.length === 0 ? [] : departures.own(id, ids),
    ]);
    return { ...found, own, belongings };
  }

  async function leave({ user, access: held, own, belongings }: Leaving, call: Call): Promise<Answer<undefined>> {
    const { id } = user;
    const ownIds = new Set(own.map((workspace) => workspace.id));
    const others = Object.entries(held.memberships).filter(([workspaceId]) => !ownIds.has(workspaceId));
    const split = splitDeparture(own, others, belongings.length);
    // Nobody leaves or loses a workspace for a deletion that is then refused.
    const goesAhead = split.own.before.length + split.memberships.before.length > 0;
    if (goesAhead && (await access.isLastAdmin(user))) throw conflict('user.last_admin');
    for (const [workspaceId, role] of split.memberships.before) await departures.leave(id, workspaceId, role);
    for (const workspace of split.own.before) await departures.end(id, workspace);

    const left = Object.fromEntries(split.memberships.together);
    const ending = split.own.together;
    const memberships = { ...left, ...Object.fromEntries(ending.map((one) => [one.id, 'owner' as const])) };
    return call.commit<undefined>(
      [
        ...users.remove(user),
        ...access.remove(user, { memberships, owned: ending.length, keys: held.keys }),
        ...departures.writes(id, left),
        ...ending.flatMap(({ end }) => end),
        ...belongings,
      ],
      { resourceId: id },
    );
  }

  return async ({ params: { id } }, call) => {
    if (call.caller.keyId !== undefined && id === call.caller.userId) throw forbidden('auth.session_only');
    for (let turn = 1; ; turn += 1) {
      const leaving = await look(id);
      call.expectVersion(leaving.user.version);
      assertEmpty(leaving.own);
      try {
        const answer = await leave(leaving, call);
        await accounts
          .remove(id)
          .catch((error: unknown) => report('cannot remove the account of a deleted user', error));
        return answer;
      } catch (error) {
        if (!hasMoved(error) || turn === mostTurns) throw error;
      }
    }
  };
};
