import { ApiError, notFound, stale } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { Answer, Call, UseCase } from '../../platform/api/call.ts';
import { changeWorkspace, isUnderWay } from '../domain/workspace.ts';
import type { Write } from '../ports.ts';
import { lookAgainIfMoved, type RemovalStores, removeWorkspace } from './remove-workspace.ts';

const holdsThings = (error: unknown): boolean =>
  error instanceof ApiError && error.messageKey === 'workspace.not_empty';

/**
 * Deletes a workspace without VMs at once, where one transaction takes all of it. A larger one is closed, and with `force` one that holds VMs; a workflow
 * deletes what it holds and then the workspace.
 */
export const deleteWorkspace =
  (stores: RemovalStores): UseCase<(typeof workspaceRoutes)['workspaces.delete']> =>
  async ({ params: { id }, query }, call) => {
    const { quotas } = stores;
    try {
      return await removeWorkspace<Answer<undefined>>(stores, {
        id,
        assertWanted: ({ deleting, version }) => {
          if (!deleting) call.expectVersion(version);
        },
        finish: (writes) => call.commit(writes, {}),
        inParts: () =>
          askTeardown(stores, id, call, query.force === true ? quotas.setActive(id, false) : quotas.close(id)),
      });
    } catch (error) {
      if (query.force !== true || !holdsThings(error)) throw error;
      return askTeardown(stores, id, call, quotas.setActive(id, false));
    }
  };

/** Each try loses to another change of the workspace; few are made to one that is being deleted. */
const mostTries = 10;

/**
 * Closes the workspace; its new item is what starts the workflow. One whose workflow is on its way is answered the same, and left to it, also where
 * somebody else asked at this moment; one that has not been heard of for longer than it can take gets another.
 */
async function askTeardown(
  { workspaces }: RemovalStores,
  id: string,
  call: Call,
  close: Write,
): Promise<Answer<undefined>> {
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
    const writes = [close, ...workspaces.change(workspace, closed)];
    const answered = await call.commit<undefined>(writes, answer).catch(lookAgainIfMoved);
    if (answered !== undefined) return answered;
  }
  throw stale();
}
