import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import { viewOf } from '../domain/workspace.ts';
import type { WorkspaceStore } from '../ports.ts';

/** The caller's memberships came with the call, so one batch reads them all. */
export const listWorkspaces =
  ({ workspaces }: { workspaces: WorkspaceStore }): UseCase<(typeof workspaceRoutes)['workspaces.list']> =>
  async ({ query }, call) => {
    const mine = await workspaces.findMany(call.workspaces());
    const shown = mine.filter(({ is_active }) => query.is_active === undefined || is_active === query.is_active);
    const { page, pagination } = pageOf(
      shown.map((workspace) => viewOf(workspace, call.now)),
      query,
    );
    return { data: { workspaces: page, pagination } };
  };
