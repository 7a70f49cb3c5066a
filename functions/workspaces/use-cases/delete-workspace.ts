import { ApiError, conflict, notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { Answer, Call, UseCase } from '../../platform/api/call.ts';
import { changeWorkspace, isUnderWay } from '../domain/workspace.ts';
import { lookAgainIfMoved, type RemovalStores, removeWorkspace } from './remove-workspace.ts';

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

/** Each try loses to another change of the workspace; few are made to one that is being deleted. */
const mostTries = 10;

/**
 * Closes the workspace; its new item is what starts the workflow. One whose workflow is on its way is answered the same, and left to it, also where
 * somebody else asked at this moment; one that has not been heard of for longer than it can take gets another.
 */
async function askTeardown({ workspaces, quotas }: RemovalStores, id: string, call: Call): Promise<Answer<undefined>> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const workspace = await workspaces.find(id);
    if (workspace === undefined) throw notFound();
    if (isUnderWay(workspace.teardown, call.now)) return call.commit([], { later: true });
    call.expectVersion(workspace.version);
    const teardown = {
      state: 'asked',
      asked_by: call.caller.userId,
      asked_at: call.now.toISOString(),
      run: workspace.version + 1,
    } as const;
    const closed = changeWorkspace(workspace, { is_active: false, deleting: true, teardown }, call.now);
    const answer = { version: closed.version, later: true } as const;
    const writes = [quotas.setActive(id, false), ...workspaces.change(workspace, closed)];
    const answered = await call.commit<undefined>(writes, answer).catch(lookAgainIfMoved);
    if (answered !== undefined) return answered;
  }
  throw conflict('version.stale');
}
