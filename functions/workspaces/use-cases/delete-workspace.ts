import { ApiError, conflict, notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { Answer, Call, UseCase } from '../../platform/api/call.ts';
import { nextDeletionStep } from '../domain/deletion.ts';
import type { Member } from '../domain/member.ts';
import { type Quota, usedOf } from '../domain/quota.ts';
import { changeWorkspace, type Workspace } from '../domain/workspace.ts';
import type { MemberStore, QuotaStore, WorkspaceContents, WorkspaceStore, Write } from '../ports.ts';

interface Stores {
  workspaces: WorkspaceStore;
  members: MemberStore;
  quotas: QuotaStore;
  credentials: WorkspaceContents;
}

/** 1,000 credentials and 100 members take 14 rounds; the rest is for what changes meanwhile. */
const mostRounds = 30;

/**
 * Deletes a workspace without VMs, with its members and credentials: in one transaction where they fit, else it is closed first and emptied part by part.
 * Every round looks anew and holds what it saw, so nothing is left behind and nothing that came in meanwhile is lost. One that was interrupted stands
 * closed in its owner's list, and the next DELETE goes on.
 */
export const deleteWorkspace =
  (stores: Stores): UseCase<(typeof workspaceRoutes)['workspaces.delete']> =>
  async ({ params }, call) => {
    for (let round = 0; round < mostRounds; round += 1) {
      const found = await look(stores, params.id);
      if (!found.workspace.deleting) call.expectVersion(found.workspace.version);
      if (!agrees(found)) continue;
      const answer = await takeStep(stores, found, call).catch(lookAgainIfMoved);
      if (answer !== undefined) return answer;
    }
    throw conflict('version.stale');
  };

function lookAgainIfMoved(error: unknown): undefined {
  if (error instanceof ApiError && error.messageKey === 'version.stale') return;
  throw error;
}

interface Found {
  workspace: Workspace;
  quota: Quota;
  members: Member[];
  credentials: Write[];
}

async function look({ workspaces, members, quotas, credentials }: Stores, id: string): Promise<Found> {
  const [workspace, quota, rows, removals] = await Promise.all([
    workspaces.find(id),
    quotas.find(id),
    members.list(id),
    credentials.removals(id),
  ]);
  if (workspace === undefined || quota === undefined) throw notFound();
  return { workspace, quota, members: rows, credentials: removals };
}

/**
 * What was read side by side may be of different moments. Where the counts agree, and still hold when it is written, the rows that were read and still exist
 * then are all there are.
 */
const agrees = ({ quota, members, credentials }: Found) =>
  quota.members === members.length && usedOf(quota, 'credentials') === credentials.length;

/** The answer, once the workspace is gone. */
async function takeStep(stores: Stores, found: Found, call: Call): Promise<Answer<undefined> | undefined> {
  const { workspaces, members, quotas } = stores;
  const { workspace, quota } = found;
  const { id, owner_id, deleting } = workspace;
  const rowsOf = (leaving: readonly Member[]) =>
    leaving.flatMap((member) => members.remove(id, member, { disowns: member.user_id === owner_id }));
  const next = nextDeletionStep({
    deleting,
    members: found.members,
    credentials: found.credentials.length,
    keep: [owner_id, call.caller.userId],
  });
  switch (next.step) {
    case 'finish':
      return call.commit(
        [quotas.remove(id, quota), ...workspaces.remove(workspace), ...rowsOf(found.members), ...found.credentials],
        {},
      );
    case 'close': {
      const closed = changeWorkspace(workspace, { is_active: false, deleting: true }, call.now);
      await workspaces.apply([quotas.close(id), ...workspaces.change(workspace, closed)]);
      return undefined;
    }
    case 'drop_credentials':
      await workspaces.apply([
        quotas.release(id, { credentials: -next.count }),
        ...found.credentials.slice(0, next.count),
      ]);
      return undefined;
    case 'drop_members': {
      const owners = next.members.filter(({ role }) => role === 'owner').length;
      await workspaces.apply([
        quotas.countMembers(id, { members: -next.members.length, owners: -owners }),
        ...rowsOf(next.members),
      ]);
      return undefined;
    }
  }
}
