import { vmStates } from '../../../contracts/compute/vm-states.ts';
import { all, equals } from '../../platform/table/fragment.ts';
import { refused } from '../../platform/table/refused.ts';
import type { Table, Write } from '../../platform/table/types.ts';
import { timerRemoval, timerWrite } from '../../platform/timers/timer-item.ts';
import { unlessMoved } from '../../platform/timers/unless-moved.ts';
import { deletionTime, dueStage, nextDeletionTimer, nextStage, timerAfterStop } from '../domain/expiry.ts';
import type { Timer } from '../domain/timer.ts';
import { mayHaveMachine, type VmRecord } from '../domain/vm.ts';
import type { VmStore } from '../ports.ts';
import { runOf } from '../store/lifecycle-store.ts';
import { noticeWrite } from '../store/notice.ts';
import { isInRun } from '../store/vm-conditions.ts';
import { toVm } from '../store/vm-item.ts';
import { vmKey } from '../store/vm-keys.ts';

export interface FireDependencies {
  table: Table;
  vms: Pick<VmStore, 'act'>;
  now: () => Date;
}

/** When a busy VM is looked at again. */
export const whileBusyMs = 60_000;

type Expiring = VmRecord & { expires_at: string };

const isOf = (vm: VmRecord | undefined, { of }: Timer): vm is Expiring => vm !== undefined && vm.expires_at === of;

/** As the record was read: of the same time, in the same state. */
const unchanged = (vm: Expiring) => all(equals('expires_at', vm.expires_at), isInRun(runOf(vm)));

const stillThere = (vm: Expiring): Write => ({
  check: vmKey(vm.workspace_id, vm.id),
  condition: unchanged(vm),
  otherwise: refused,
});

/** The action if the state table allows it, else the mere check that the VM is as it was read. */
function actIfAllowed(vm: Expiring, action: 'stop' | 'delete', { vms, now }: FireDependencies): Write {
  if (vmStates[vm.status].actions[action] === undefined) return stillThere(vm);
  const write = vms.act(vm, action, now());
  if (write.condition === undefined) return write;
  return { ...write, condition: all(write.condition, unchanged(vm)), otherwise: refused };
}

/** What a stage does, in one transaction with the timer's removal and the next one's writing. */
function writesOf(vm: Expiring, timer: Timer, dependencies: FireDependencies): Write[] | undefined {
  const at = dependencies.now();
  const stage = dueStage(vm, timer.kind as Parameters<typeof dueStage>[1], at);
  const people = { user_ids: [vm.created_by], workspace_id: vm.workspace_id, link: `/vms/${vm.id}` };
  const noticeId = `${vm.id}.${stage}.${vm.expires_at}`;
  if (stage === 'vm_notice_day' || stage === 'vm_notice_hour') {
    const params = { vm: vm.name, expires_at: vm.expires_at };
    const event = { type: 'notification_due', kind: 'vm_expiring', ...people, params } as const;
    return [noticeWrite(noticeId, event, at), timerWrite(nextStage(vm, at))];
  }
  if (vmStates[vm.status].busy !== undefined) return undefined;
  if (stage === 'vm_delete') return [actIfAllowed(vm, 'delete', dependencies), timerWrite(nextDeletionTimer(vm, at))];
  const deletes_at = timer.deletes_at ?? deletionTime(vm, at);
  const next = timerWrite(timerAfterStop(vm, isStopped(vm), deletes_at, at));
  const stop = actIfAllowed(vm, 'stop', dependencies);
  // Told once, of what is done the first time.
  if (timer.deletes_at !== undefined) return [stop, next];
  const status = vmStates[vm.status].actions.stop?.next ?? vm.status;
  const params = { vm: vm.name, status, deletes_at };
  const event = { type: 'notification_due', kind: 'vm_expired', ...people, params } as const;
  return [stop, noticeWrite(noticeId, event, at), next];
}

/** Of a VM at rest: whether nothing of it is on. What is in error may be, until a look has said where its machine is. */
const isStopped = (vm: VmRecord) => vm.status === 'stopped' || !mayHaveMachine(vm);

/** Fires what is due of a VM's expiry, once. A timer of another `expires_at` than the VM's own is void; a busy VM is waited for. */
export async function fireVmTimer(timer: Timer, dependencies: FireDependencies): Promise<void> {
  const { table, now } = dependencies;
  const item = await table.get(vmKey(timer.workspace_id, timer.id));
  const vm = item === undefined ? undefined : toVm(item);
  const removal = timerRemoval(timer);
  if (!isOf(vm, timer)) {
    await unlessMoved(table.write(removal));
    return;
  }
  const later = { ...timer, at: new Date(now().getTime() + whileBusyMs).toISOString() };
  const writes = writesOf(vm, timer, dependencies) ?? [timerWrite(later)];
  await unlessMoved(table.transact([removal, ...writes]));
}
