import { ApiError } from '../../../contracts/errors.ts';
import { leaveAs, saidIn } from '../../platform/sagas/step-failure.ts';
import { changeWorkspace, type Workspace } from '../domain/workspace.ts';
import { removeWorkspace } from '../use-cases/remove-workspace.ts';
import { emptyWorkspace } from './empty-workspace.ts';
import type { RunInput, StepDependencies, StepInput } from './step.ts';

/** The workspace is where this execution's teardown left it, and no later one has been asked for. */
const isInRun = (workspace: Workspace | undefined, { version }: RunInput): workspace is Workspace =>
  workspace?.teardown?.state === 'asked' && workspace.teardown.run === version;

class MovedOn extends Error {}

async function remove(run: RunInput, { stores }: StepDependencies): Promise<void> {
  await removeWorkspace(stores, {
    id: run.workspace_id,
    assertWanted: (workspace) => {
      if (!isInRun(workspace, run)) throw new MovedOn();
    },
    finish: (writes) => stores.workspaces.apply(writes),
  });
}

const mostCharacters = 250;

/** What the step said, where it was one of ours that may be shown. */
function reasonOf({ error }: RunInput): string {
  if (error?.Error === 'StillHolding') return 'TIMED_OUT';
  const said = error?.Error === 'CannotEmpty' ? saidIn(error) : undefined;
  return said?.slice(0, mostCharacters) ?? 'INTERNAL_ERROR';
}

/** The workspace stays closed, with the reason; its owners are told, and may force it again. */
async function recordFailure(run: RunInput, workspace: Workspace, { stores, now }: StepDependencies): Promise<void> {
  const asked = workspace.teardown as NonNullable<Workspace['teardown']>;
  const teardown = { ...asked, state: 'failed', reason: reasonOf(run) } as const;
  await stores.workspaces.apply(stores.workspaces.change(workspace, changeWorkspace(workspace, { teardown }, now())));
}

/** One step of workspace-teardown. Done twice it is done once; where the workspace is gone or has moved on it does nothing. */
export async function runStep({ step, run }: StepInput, dependencies: StepDependencies): Promise<null> {
  const { stores, logger } = dependencies;
  const about = { step, workspace_id: run.workspace_id, version: run.version };
  try {
    const workspace = await stores.workspaces.find(run.workspace_id);
    if (!isInRun(workspace, run)) {
      logger.info('the workspace has moved on', about);
      return null;
    }
    if (step === 'empty') await emptyWorkspace(run, dependencies);
    else if (step === 'remove') await remove(run, dependencies);
    else await recordFailure(run, workspace, dependencies);
    logger.info('step done', about);
    return null;
  } catch (thrown) {
    const isGone = thrown instanceof ApiError && thrown.code === 'NOT_FOUND';
    if (thrown instanceof MovedOn || isGone) {
      logger.info('the workspace has moved on', about);
      return null;
    }
    const error = leaveAs(thrown);
    const level = error.name === 'StillHolding' || error.name === 'CannotEmpty' ? 'info' : 'error';
    logger[level]('step failed', { ...about, error: thrown });
    throw error;
  }
}
