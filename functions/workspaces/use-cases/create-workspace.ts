import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { newWorkspace, viewOf } from '../domain/workspace.ts';
import type { MemberStore, QuotaStore, WorkspaceStore } from '../ports.ts';

interface Stores {
  workspaces: WorkspaceStore;
  members: MemberStore;
  quotas: QuotaStore;
}

/** The limits of workspaces a user, and the name's uniqueness, are conditions of the one transaction: no burst gets past them. */
export const createWorkspace =
  ({ workspaces, members, quotas }: Stores): UseCase<(typeof workspaceRoutes)['workspaces.create']> =>
  async ({ body }, call) => {
    const { caller, now } = call;
    const workspace = newWorkspace({ ...body, id: call.newId(), ownerId: caller.userId, now });
    const owner = { user_id: caller.userId, role: 'owner', joined_at: workspace.created_at, version: 1 } as const;
    const writes = [
      ...members.insert(workspace.id, owner, { owns: true }),
      ...workspaces.insert(workspace),
      quotas.insert(workspace.id),
    ];
    return call.commit(writes, {
      data: viewOf(workspace, now),
      version: workspace.version,
      workspaceId: workspace.id,
    });
  };
