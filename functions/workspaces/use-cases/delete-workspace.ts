import { ApiError, notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { Answer, Call, UseCase } from '../../platform/api/call.ts';
import { changeWorkspace } from '../domain/workspace.ts';
import { type RemovalStores, removeWorkspace } from './remove-workspace.ts';

const holdsThings = (error: unknown): boolean =>
  error instanceof ApiError && error.messageKey === 'workspace.not_empty';

/** Deletes a workspace without VMs at once. With `force`, one that holds some is closed, and a workflow deletes them and then the workspace. */
export const deleteWorkspace =
  (stores: RemovalStores): UseCase<(typeof workspaceRoutes)['workspaces.delete']> =>
  async ({ params, query }, call) => {
    try {
      return await removeWorkspace<Answer<undefined>>(stores, {
        id: params.id,
        now: call.now,
        keep: [call.caller.userId],
        assertWanted: ({ deleting, version }) => {
          if (!deleting) call.expectVersion(version);
        },
        finish: (writes) => call.commit(writes, {}),
      });
    } catch (error) {
      if (query.force !== true || !holdsThings(error)) throw error;
      return askTeardown(stores, params.id, call);
    }
  };

/** Closes the workspace; its new item is what starts the workflow. One whose workflow is on its way is answered the same, and left to it. */
async function askTeardown({ workspaces, quotas }: RemovalStores, id: string, call: Call): Promise<Answer<undefined>> {
  const workspace = await workspaces.find(id);
  if (workspace === undefined) throw notFound();
  if (workspace.teardown?.state === 'asked') return call.commit([], { later: true });
  call.expectVersion(workspace.version);
  const teardown = { state: 'asked', asked_by: call.caller.userId, run: workspace.version + 1 } as const;
  const closed = changeWorkspace(workspace, { is_active: false, deleting: true, teardown }, call.now);
  return call.commit([quotas.setActive(id, false), ...workspaces.change(workspace, closed)], {
    version: closed.version,
    later: true,
  });
}
