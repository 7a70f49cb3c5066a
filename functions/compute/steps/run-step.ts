import type { StepName, VmEvent } from '../../../contracts/compute/vm-event.ts';
import type { Stretch } from '../../platform/trace.ts';
import { statusReason } from '../domain/status-reason.ts';
import { awaitState } from './await-state.ts';
import { launchMachine } from './launch-machine.ts';
import { recordDeleted } from './record-deleted.ts';
import { recordDone } from './record-done.ts';
import { recordError } from './record-error.ts';
import { restartMachine } from './restart-machine.ts';
import { startMachine } from './start-machine.ts';
import { runOf, type Sighting, type Step, type StepCall, type StepDependencies, type StepInput } from './step.ts';
import { leaveAs } from './step-error.ts';
import { stopMachine } from './stop-machine.ts';
import { tagMachine } from './tag-machine.ts';
import { terminateMachine } from './terminate-machine.ts';
import { undoLaunch } from './undo-launch.ts';

const steps: Readonly<Record<Exclude<StepName, 'tag'>, Step>> = {
  launch: launchMachine,
  'await-running': awaitState('on'),
  'record-running': recordDone,
  'undo-launch': undoLaunch,
  start: startMachine,
  restart: restartMachine,
  stop: stopMachine,
  'await-stopped': awaitState('off'),
  'record-stopped': recordDone,
  terminate: terminateMachine,
  'await-gone': awaitState('gone'),
  'record-deleted': recordDeleted,
  'record-error': recordError,
};

type Log = (message: string) => void;

async function perform(
  { step, run: input }: StepInput,
  event: StepCall['event'],
  log: Log,
  dependencies: StepDependencies,
): Promise<Sighting | undefined> {
  if (input.action === 'tag' || step === 'tag') {
    // Of an execution that broke there is nothing to record: what the provider was not told stays on record as such.
    if (step === 'tag') await tagMachine(input, event, dependencies);
    log('step done');
    return undefined;
  }
  const run = runOf(input, input.action);
  const vm = await dependencies.vms.load(run);
  if (vm === undefined) {
    log('the VM has moved on');
    return undefined;
  }
  const sighting = await steps[step](vm, { ...dependencies, input, work: input.action, run, event });
  log('step done');
  return sighting;
}

/** Answers `null` where the step has nothing to hand on. */
export async function runStep(call: StepInput, dependencies: StepDependencies): Promise<Sighting | null> {
  const { step, run: input } = call;
  const { vms, now, newId, logger, trace } = dependencies;
  const from = now();
  const event: StepCall['event'] = (outcome, reason): VmEvent => {
    const at = now();
    return {
      id: newId(),
      at: at.toISOString(),
      action: input.action,
      request_id: input.request_id ?? null,
      step,
      outcome,
      took_ms: at.getTime() - from.getTime(),
      reason: reason ?? null,
    };
  };
  const { vm_id, workspace_id, action, request_id } = input;
  const about = { step, vm_id, workspace_id, action, ...(request_id !== undefined && { request_id }) };
  const traceAs = (outcome: Stretch['outcome']) =>
    trace.add({ name: `vm-lifecycle ${step}`, from, to: now(), annotations: about, outcome });
  try {
    const sighting = await perform(call, event, (message) => logger.info(message, about), dependencies);
    traceAs('done');
    return sighting ?? null;
  } catch (thrown) {
    const error = leaveAs(thrown);
    // What a cloud refuses is its user's business; what nobody foresaw is ours.
    const isOurs = error.name === 'StepFailed' || error.name === 'StoreUnavailable';
    logger[isOurs ? 'error' : 'info']('step failed', { ...about, error: thrown });
    traceAs(isOurs ? 'failed' : 'refused');
    if (error.name === 'StillBusy') throw error;
    const row = event('failed', statusReason(error.name, error.message));
    // The step's own failure is what counts; its row may get lost with it.
    await vms
      .addEvent({ workspaceId: workspace_id, vmId: vm_id }, row)
      .catch((failure: unknown) => logger.error('cannot write history', { ...about, error: failure }));
    throw error;
  }
}
