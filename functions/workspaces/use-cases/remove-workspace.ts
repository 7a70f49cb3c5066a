import { ApiError, conflict, notFound } from '../../../contracts/errors.ts';
import { nextDeletionStep } from '../domain/deletion.ts';
import type { Member } from '../domain/member.ts';
import { type Quota, usedOf } from '../domain/quota.ts';
import { changeWorkspace, type Workspace } from '../domain/workspace.ts';
import type { MemberStore, QuotaStore, WorkspaceContents, WorkspaceStore, Write } from '../ports.ts';

export interface RemovalStores {
  workspaces: WorkspaceStore;
  members: MemberStore;
  quotas: QuotaStore;
  credentials: WorkspaceContents;
}

interface Removal<Ending> {
  id: string;
  now: Date;
  /** Members that stay to the last, beside the one whose workspace it is. */
  keep: readonly string[];
  /** Before each step, of the workspace as it is then: a throw ends the removal. */
  assertWanted: (workspace: Workspace) => void;
  /** Writes the last part, whatever else goes with it, in one transaction. */
  finish: (writes: readonly Write[]) => Promise<Ending>;
}

/** 1,000 credentials and 100 members take 14 rounds; the rest is for what changes meanwhile. */
const mostRounds = 30;

/**
 * Removes a workspace without VMs, with its members and credentials: in one transaction where they fit, else it is closed first and emptied part by part.
 * Every round looks anew and holds what it saw, so nothing is left behind and nothing that came in meanwhile is lost. One that was interrupted stands
 * closed in its owner's list, and the next try goes on. NOT_FOUND where there is none; CONFLICT with `data.blocking` where it holds VMs.
 */
export async function removeWorkspace<Ending>(stores: RemovalStores, removal: Removal<Ending>): Promise<Ending> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await look(stores, removal.id);
    removal.assertWanted(found.workspace);
    if (!agrees(found)) continue;
    const ended = await takeStep(stores, found, removal).catch(lookAgainIfMoved);
    if (ended !== undefined) return ended.answer;
  }
  throw conflict('version.stale');
}

/** To a promise's `catch`: undefined where what was read has changed by the time it was written. */
export function lookAgainIfMoved(error: unknown): undefined {
  if (error instanceof ApiError && error.messageKey === 'version.stale') return;
  throw error;
}

interface Found {
  workspace: Workspace;
  quota: Quota;
  members: Member[];
  credentials: Write[];
}

async function look({ workspaces, members, quotas, credentials }: RemovalStores, id: string): Promise<Found> {
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
async function takeStep<Ending>(
  { workspaces, members, quotas }: RemovalStores,
  found: Found,
  { keep, now, finish }: Removal<Ending>,
): Promise<{ answer: Ending } | undefined> {
  const { workspace, quota } = found;
  const { id, owner_id, deleting } = workspace;
  const rowsOf = (leaving: readonly Member[]) =>
    leaving.flatMap((member) => members.remove(id, member, { disowns: member.user_id === owner_id }));
  const next = nextDeletionStep({
    deleting,
    members: found.members,
    credentials: found.credentials.length,
    keep: [owner_id, ...keep],
  });
  switch (next.step) {
    case 'finish': {
      const rest = [...rowsOf(found.members), ...found.credentials];
      return { answer: await finish([quotas.remove(id, quota), ...workspaces.remove(workspace), ...rest]) };
    }
    case 'close': {
      const closed = changeWorkspace(workspace, { is_active: false, deleting: true }, now);
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
