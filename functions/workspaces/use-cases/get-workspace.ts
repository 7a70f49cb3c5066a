import { notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { viewOf } from '../domain/workspace.ts';
import type { WorkspaceStore } from '../ports.ts';

export const getWorkspace =
  ({ workspaces }: { workspaces: WorkspaceStore }): UseCase<(typeof workspaceRoutes)['workspaces.get']> =>
  async ({ params }, call) => {
    const workspace = await workspaces.find(params.id);
    if (workspace === undefined) throw notFound();
    return { data: viewOf(workspace, call.now), version: workspace.version };
  };
