import { type VmStatus, vmStates } from '../../../contracts/compute/vm-states.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { all, exists } from '../../platform/table/fragment.ts';
import { refused } from '../../platform/table/refused.ts';
import type { Table, Write } from '../../platform/table/types.ts';
import { timerRemoval, timerWrite } from '../../platform/timers/timer-item.ts';
import { unlessMoved } from '../../platform/timers/unless-moved.ts';
import { standingOf } from '../../workspaces/index.ts';
import type { Schedule, ScheduleAction } from '../domain/schedule.ts';
import type { Timer } from '../domain/timer.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { VmStore } from '../ports.ts';
import { lastRun, scheduleTimer } from '../schedule/next-run.ts';
import { noticeWrite } from '../store/notice.ts';
import { createObservingStore } from '../store/observing-store.ts';
import { createScheduleStore, scheduleKey, scheduleRemoval } from '../store/schedule-store.ts';
import { whileBusyMs } from './fire-vm-timer.ts';

interface FireDependencies {
  table: Table;
  vms: Pick<VmStore, 'act'>;
  now: () => Date;
}

/** Longer than any VM is busy. */
const waitForMs = 20 * 60_000;
const vmsAtOnce = 5;
/** With the timers they fit a transaction. */
const mostNotices = 90;

const target: Readonly<Record<ScheduleAction, VmStatus>> = { start: 'stopped', stop: 'running' };
const opposite: Readonly<Record<ScheduleAction, ScheduleAction>> = { start: 'stop', stop: 'start' };

/** Of a busy VM: whether it is on its way to where the action begins. */
const comesTo = ({ status }: VmRecord, action: ScheduleAction) => vmStates[status].busy?.done === target[action];

/** The action on one VM, once for each run: somebody who undoes it meanwhile is not overruled. */
function actOnce(vm: VmRecord, action: ScheduleAction, due: string, { vms, now }: FireDependencies): Write {
  const write = vms.act(vm, action, now());
  if (!('update' in write) || write.condition === undefined) throw new TypeError(`cannot ${action} VM: no condition`);
  const { text, ...change } = write.change;
  const once = { text: 'attribute_not_exists(#scheduled_for) OR #scheduled_for < :due', values: { due } };
  return {
    ...write,
    change: { ...change, text: text.replace('SET ', 'SET #scheduled_for = :due, '), values: { ...change.values, due } },
    condition: all(write.condition, once),
  };
}

/** What each VM that could not be reached in time is told of. */
const failureOf = (vm: VmRecord, action: ScheduleAction, due: string, now: Date): Write => {
  const people = { workspace_id: vm.workspace_id, user_ids: [vm.created_by], link: `/vms/${vm.id}` };
  const params = { vm: vm.name, action, reason: `it was ${vm.status} for too long` };
  const event = { type: 'notification_due', kind: 'schedule_failed', ...people, params } as const;
  return noticeWrite(`${vm.id}.${action}.${due}`, event, now);
};

/** An expired VM is stopped for good: who wants it back gives it more time. */
const isExpired = ({ expires_at }: VmRecord, now: Date) => expires_at !== null && expires_at <= now.toISOString();

/** Acts on every VM that the run is for; answers those that are on their way to where it begins. */
async function act(timer: Timer, action: ScheduleAction, dependencies: FireDependencies): Promise<VmRecord[]> {
  const { vms } = await createObservingStore(dependencies.table).read(timer.workspace_id);
  const due = vms.filter(({ scheduled_for: last }) => last === null || last < timer.due);
  const open = action === 'start' ? due.filter((vm) => !isExpired(vm, dependencies.now())) : due;
  const ready = open.filter(({ status }) => status === target[action]);
  const acted = await inParallel(vmsAtOnce, ready, async (vm) => ({
    vm,
    done: await unlessMoved(dependencies.table.transact([actOnce(vm, action, timer.due, dependencies)])),
  }));
  return [...open.filter((vm) => comesTo(vm, action)), ...acted.filter(({ done }) => !done).map(({ vm }) => vm)];
}

/**
 * Fires one run of a workspace's schedule. The write that removes its timer sets the next one; until then the run is repeated, and skips VMs that it has
 * acted on. A run that is so late that the opposite one is due as well is left out.
 */
export async function fireScheduleTimer(timer: Timer, dependencies: FireDependencies): Promise<void> {
  const { table, now } = dependencies;
  const action = timer.kind === 'schedule_start' ? 'start' : 'stop';
  const schedule = await createScheduleStore(table).find(timer.workspace_id);
  const removal = timerRemoval(timer);
  if (String(schedule.version) !== timer.of || schedule[action] === null || !schedule.enabled) {
    await unlessMoved(table.write(removal));
    return;
  }
  const at = now();
  const standing = await standingOf(table, timer.workspace_id);
  if (standing === 'gone') {
    await unlessMoved(table.transact([removal, scheduleRemoval(timer.workspace_id)]));
    return;
  }
  const waiting =
    standing === 'inactive' || isSuperseded(schedule, action, timer, at) ? [] : await act(timer, action, dependencies);
  const isOverdue = at.getTime() - Math.max(Date.parse(timer.due), Date.parse(timer.began ?? timer.due)) >= waitForMs;
  if (waiting.length > 0 && !isOverdue) {
    const later = {
      ...timer,
      at: new Date(at.getTime() + whileBusyMs).toISOString(),
      began: timer.began ?? at.toISOString(),
    };
    await unlessMoved(table.transact([removal, timerWrite(later)]));
    return;
  }
  const next = scheduleTimer(schedule, action, at);
  const notices = waiting.slice(0, mostNotices).map((vm) => failureOf(vm, action, timer.due, at));
  const stillThere: Write = {
    check: scheduleKey(timer.workspace_id),
    condition: exists,
    otherwise: refused,
  };
  await unlessMoved(
    table.transact([removal, stillThere, ...notices, ...(next === undefined ? [] : [timerWrite(next)])]),
  );
}

/** Of all that has come due meanwhile only the last counts: whether that is the other action. */
function isSuperseded(schedule: Schedule, action: ScheduleAction, timer: Timer, at: Date): boolean {
  const due = new Date(timer.due);
  const [mine = due, other = due] = [lastRun(schedule, action, at), lastRun(schedule, opposite[action], at)];
  return other > due && other > mine;
}
