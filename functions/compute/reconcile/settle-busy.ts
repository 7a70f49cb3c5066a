import { busyMinutes, vmStates, workIn } from '../../../contracts/compute/vm-states.ts';
import type { Start } from '../../platform/outbox/effect.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { LifecycleStore } from '../ports.ts';
import { workflowOf } from '../vm-changed.ts';

/** By then the relay has started the workflow of a change, or has lost it. */
const startedWithinMs = 3 * 60_000;

export interface SettleDependencies {
  lifecycle: Pick<LifecycleStore, 'settle'>;
  /** Starts an execution unless there has been one of its name. */
  start: (start: Start) => Promise<void>;
  now: () => Date;
  newId: () => string;
}

/**
 * A busy VM is its workflow's. One that nobody started is started under the name that the relay would have given it, so a second start does
 * nothing; one that is over without a word (it ends within 14 minutes) leaves an error.
 */
export async function settleBusy(vm: VmRecord, { lifecycle, start, now, newId }: SettleDependencies): Promise<void> {
  const { busy } = vmStates[vm.status];
  const at = now();
  const since = vm.busy_since ?? vm.updated_at;
  const age = at.getTime() - Date.parse(since);
  const [work, workflow] = [workIn(vm.status, vm.work), workflowOf(vm, vm.run)];
  if (busy === undefined || work === undefined || workflow === undefined || age < startedWithinMs) return;
  if (age < busyMinutes * 60_000) return start(workflow);
  const event = { id: newId(), at: at.toISOString(), action: work, step: 'record-error', took_ms: age } as const;
  const end = { status: busy.failed, reason: 'TIMED_OUT', details: {} };
  await lifecycle.settle(
    vm,
    end,
    { ...event, request_id: vm.request_id, outcome: 'succeeded', reason: 'TIMED_OUT' },
    at,
  );
}
