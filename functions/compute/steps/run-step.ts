import type { StepName, VmEvent } from '../domain/history.ts';
import { statusReason } from '../domain/status-reason.ts';
import { awaitState } from './await-state.ts';
import { launchMachine } from './launch-machine.ts';
import { recordDeleted } from './record-deleted.ts';
import { recordDone } from './record-done.ts';
import { recordError } from './record-error.ts';
import { startMachine } from './start-machine.ts';
import { runOf, type Sighting, type Step, type StepCall, type StepDependencies, type StepInput } from './step.ts';
import { leaveAs } from './step-error.ts';
import { stopMachine } from './stop-machine.ts';
import { terminateMachine } from './terminate-machine.ts';
import { undoLaunch } from './undo-launch.ts';

const steps: Readonly<Record<StepName, Step>> = {
  launch: launchMachine,
  'await-running': awaitState('on'),
  'record-running': recordDone,
  'undo-launch': undoLaunch,
  start: startMachine,
  stop: stopMachine,
  'await-stopped': awaitState('off'),
  'record-stopped': recordDone,
  terminate: terminateMachine,
  'await-gone': awaitState('gone'),
  'record-deleted': recordDeleted,
  'record-error': recordError,
};

/** Answers `null` where the step has nothing to hand on. */
export async function runStep(
  { step, run: input }: StepInput,
  dependencies: StepDependencies,
): Promise<Sighting | null> {
  const { vms, now, newId, logger } = dependencies;
  const began = now().getTime();
  const run = runOf(input);
  const event: StepCall['event'] = (outcome, reason): VmEvent => {
    const at = now();
    return {
      id: newId(),
      at: at.toISOString(),
      action: input.action,
      step,
      outcome,
      took_ms: at.getTime() - began,
      reason: reason ?? null,
    };
  };
  const about = { step, vm_id: input.vm_id, workspace_id: input.workspace_id, action: input.action };
  try {
    const vm = await vms.load(run);
    if (vm === undefined) {
      logger.info('the VM has moved on', about);
      return null;
    }
    const sighting = await steps[step](vm, { ...dependencies, input, run, event });
    logger.info('step done', about);
    return sighting ?? null;
  } catch (thrown) {
    const error = leaveAs(thrown);
    // What a cloud refuses is its user's business; what nobody foresaw is ours.
    const level = error.name === 'StepFailed' || error.name === 'StoreUnavailable' ? 'error' : 'info';
    logger[level]('step failed', { ...about, error: thrown });
    const row = event('failed', statusReason(error.name, error.message));
    // The step's own failure is what counts; its row may get lost with it.
    await vms
      .addEvent(run.vmId, row)
      .catch((failure: unknown) => logger.error('cannot write history', { ...about, error: failure }));
    throw error;
  }
}
