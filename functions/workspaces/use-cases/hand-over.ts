import { conflict, notFound } from '../../../contracts/errors.ts';
import { maxWorkspacesPerUser } from '../../../contracts/workspaces/limits.ts';
import { heirOf, type Member } from '../domain/member.ts';
import { changeWorkspace } from '../domain/workspace.ts';
import type { MemberStore, WorkspaceStore, Write } from '../ports.ts';

interface Stores {
  workspaces: WorkspaceStore;
  members: MemberStore;
}

interface HandOver {
  /** It was this owner's own workspace. */
  disowns: boolean;
  writes: Write[];
}

/**
 * What must happen to a workspace besides, when one of its owners stops being one. The one whose own it is (`owner_id`: its name and its count are theirs)
 * hands it to the owner who has been a member for longest. Without another owner nothing is to be done: the count of owners refuses.
 */
export async function handOver(
  { workspaces, members }: Stores,
  workspaceId: string,
  leaving: Member,
  now: Date,
): Promise<HandOver> {
  if (leaving.role !== 'owner') return { disowns: false, writes: [] };
  const workspace = await workspaces.find(workspaceId);
  if (workspace === undefined) throw notFound();
  if (workspace.owner_id !== leaving.user_id) {
    return { disowns: false, writes: [workspaces.assertNotOwnedBy(workspaceId, leaving.user_id)] };
  }
  const heir = heirOf(await members.list(workspaceId), leaving.user_id);
  if (heir === undefined) throw conflict('member.last_owner');
  const handed = changeWorkspace(workspace, { owner_id: heir.user_id }, now);
  const nameTaken = () => conflict('member.no_heir', { params: { max: maxWorkspacesPerUser } });
  return {
    disowns: true,
    writes: [members.inherit(workspaceId, heir), ...workspaces.change(workspace, handed, nameTaken)],
  };
}
