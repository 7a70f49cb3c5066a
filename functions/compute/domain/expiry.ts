import type { Timer, TimerKind } from './timer.ts';
import type { VmRecord } from './vm.ts';

const hour = 3_600_000;

/** For how long an expired VM is kept, stopped. */
export const keptForMs = 7 * 24 * hour;

export type ExpiryStage = Exclude<TimerKind, `schedule_${string}`>;

/** What comes before the end, and how long before. The end of all, `vm_delete`, counts from when the VM was first to be stopped. */
const stages = [
  ['vm_notice_day', 24 * hour],
  ['vm_notice_hour', hour],
  ['vm_stop', 0],
] as const satisfies [ExpiryStage, number][];

type Expiring = Pick<VmRecord, 'id' | 'workspace_id'> & { expires_at: string };

const timerOf = ({ id, workspace_id, expires_at }: Expiring, kind: ExpiryStage, at: number): Timer => {
  const due = new Date(at).toISOString();
  return { kind, workspace_id, id, due, at: due, of: expires_at, tries: 0 };
};

const timeOf = ({ expires_at }: Expiring, before: number) => Date.parse(expires_at) - before;

/** The first stage that lies ahead; of a VM whose time is over already, its end. */
export function nextStage(vm: Expiring, now: Date): Timer {
  const ahead = stages.find(([, before]) => timeOf(vm, before) > now.getTime());
  return ahead === undefined ? timerOf(vm, 'vm_stop', now.getTime()) : timerOf(vm, ahead[0], timeOf(vm, ahead[1]));
}

/** Of the stages from this one on, the last whose time has come: what was missed before it is not made up for. */
export function dueStage(vm: Expiring, fired: ExpiryStage, now: Date): ExpiryStage {
  const from = stages.findIndex(([kind]) => kind === fired);
  if (from < 0) return fired;
  const due = stages.slice(from).findLast(([, before]) => timeOf(vm, before) <= now.getTime());
  return due?.[0] ?? fired;
}

/** Seven days after it was first to be stopped, however late that was: nobody loses a machine that they were not told of. */
export const deletionTime = ({ expires_at }: Expiring, now: Date): string =>
  new Date(Math.max(Date.parse(expires_at), now.getTime()) + keptForMs).toISOString();

/** What follows a stop: while the VM is not stopped it is asked for again each hour, until the VM goes. */
export function timerAfterStop(vm: Expiring, isStopped: boolean, deletes_at: string, now: Date): Timer {
  const [again, end] = [now.getTime() + hour, Math.max(Date.parse(deletes_at), now.getTime())];
  if (isStopped || again >= end) return timerOf(vm, 'vm_delete', end);
  return { ...timerOf(vm, 'vm_stop', again), deletes_at };
}

/** A deletion that fails is asked for again a day later; where the VM is gone by then, its timer is void. */
export const nextDeletionTimer = (vm: Expiring, now: Date): Timer =>
  timerOf(vm, 'vm_delete', now.getTime() + 24 * hour);

/** The timer that a change of `expires_at` asks for; the earlier one voids itself, since it is of another time. */
export function timerFor(before: VmRecord | undefined, after: VmRecord, now: Date): Timer | undefined {
  const { id, workspace_id, expires_at } = after;
  if (expires_at === null || expires_at === before?.expires_at) return undefined;
  return nextStage({ id, workspace_id, expires_at }, now);
}
