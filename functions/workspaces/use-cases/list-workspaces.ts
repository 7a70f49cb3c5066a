import { forbidden } from '../../../contracts/errors.ts';
import { permissionsOf } from '../../../contracts/shared/permissions.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import { viewOf, type Workspace } from '../domain/workspace.ts';
import type { WorkspaceStore } from '../ports.ts';

/** The caller's memberships came with the call, so one batch reads them all; another's own are found by their names, a trip more. */
export const listWorkspaces =
  ({ workspaces }: { workspaces: WorkspaceStore }): UseCase<(typeof workspaceRoutes)['workspaces.list']> =>
  async ({ query }, call) => {
    const { owner_id, is_active } = query;
    const found = await findAsked(workspaces, owner_id, call);
    const shown = found.filter((one) => is_active === undefined || one.is_active === is_active);
    const { page, pagination } = pageOf(
      shown.map((workspace) => viewOf(workspace, call.now)),
      query,
    );
    return { data: { workspaces: page, pagination } };
  };

async function findAsked(workspaces: WorkspaceStore, ownerId: string | undefined, call: Call): Promise<Workspace[]> {
  const { userId, role } = call.caller;
  if (ownerId === undefined || ownerId === userId) {
    const mine = await workspaces.findMany(call.workspaces());
    return mine.filter(({ owner_id }) => ownerId === undefined || owner_id === ownerId);
  }
  if (!permissionsOf(role).includes('workspace:manage')) throw forbidden();
  return workspaces.findOwn(ownerId);
}
