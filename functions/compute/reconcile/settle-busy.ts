import { vmStates, workIn } from '../../../contracts/compute/vm-states.ts';
import type { Start } from '../../platform/outbox/effect.ts';
import { forgottenAfterMs } from '../domain/busy.ts';
import { detailsOfFailure, type VmRecord } from '../domain/vm.ts';
import type { LifecycleStore } from '../ports.ts';
import { workflowOf } from '../vm-changed.ts';
import type { SendMessages } from './messages.ts';

/** By then the relay has started the workflow of a change, or has lost it. */
const startedWithinMs = 3 * 60_000;

export interface SettleDependencies {
  lifecycle: Pick<LifecycleStore, 'settle' | 'find'>;
  /** Starts an execution unless there has been one of its name. */
  start: (start: Start) => Promise<void>;
  send: SendMessages;
  now: () => Date;
  newId: () => string;
}

/**
 * A busy VM is its workflow's. One that nobody started is started under the name that the relay would have given it, so a second start does
 * nothing; one that is over without a word leaves an error. That is not left to the next tick, which may be too late: a message comes in time.
 */
export async function settleBusy(vm: VmRecord, dependencies: SettleDependencies): Promise<void> {
  const { lifecycle, start, send, now, newId } = dependencies;
  const { busy } = vmStates[vm.status];
  const at = now();
  const since = vm.busy_since ?? vm.updated_at;
  const age = at.getTime() - Date.parse(since);
  const [work, workflow] = [workIn(vm.status, vm.work), workflowOf(vm, vm.run)];
  if (busy === undefined || work === undefined || workflow === undefined) return;
  if (age < forgottenAfterMs) {
    const message = { workspace_id: vm.workspace_id, vm_id: vm.id, sent_at: at.toISOString() };
    await send([message], Math.ceil((forgottenAfterMs - age) / 1_000));
    if (age >= startedWithinMs) await start(workflow);
    return;
  }
  const event = { id: newId(), at: at.toISOString(), action: work, step: 'record-error', took_ms: age } as const;
  const end = { status: busy.failed, reason: 'TIMED_OUT', details: detailsOfFailure(work) };
  await lifecycle.settle(
    vm,
    end,
    { ...event, request_id: vm.request_id, outcome: 'succeeded', reason: 'TIMED_OUT' },
    at,
  );
}
