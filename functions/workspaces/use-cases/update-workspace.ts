import { conflict, notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { changeWorkspace, viewOf } from '../domain/workspace.ts';
import type { QuotaStore, WorkspaceStore } from '../ports.ts';

interface Stores {
  workspaces: WorkspaceStore;
  quotas: QuotaStore;
}

/** A new name moves in the same transaction, within the names of the one whose workspace it is, whoever renames it. */
export const updateWorkspace =
  ({ workspaces, quotas }: Stores): UseCase<(typeof workspaceRoutes)['workspaces.update']> =>
  async ({ params, body }, call) => {
    const before = await workspaces.find(params.id);
    if (before === undefined) throw notFound();
    call.expectVersion(before.version);
    const after = changeWorkspace(before, body, call.now);
    if (after.is_active && after.deleting) throw conflict('workspace.deleting');
    const answer = { data: viewOf(after, call.now), version: after.version };
    if (after === before) return call.commit([], answer);
    const taken = () =>
      conflict(before.owner_id === call.caller.userId ? 'workspace.name_taken' : 'workspace.owner_has_name');
    const switched = after.is_active === before.is_active ? [] : [quotas.setActive(after.id, after.is_active)];
    return call.commit([...workspaces.change(before, after, taken), ...switched], answer);
  };
