import type { ScheduleView } from '../../../contracts/compute/schedule.ts';
import type { scheduleRoutes } from '../../../contracts/compute/schedule-routes.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { UseCases } from '../../platform/api/call.ts';
import { timerWrite } from '../../platform/timers/timer-item.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { ScheduleStore } from '../store/schedule-store.ts';
import { faultOf, isTimeZone, nextRun, scheduleTimer } from './next-run.ts';

const actions = ['start', 'stop'] as const;

const viewOf = (schedule: Schedule, now: Date): ScheduleView => ({
  ...schedule,
  next_start: nextRun(schedule, 'start', now)?.toISOString() ?? null,
  next_stop: nextRun(schedule, 'stop', now)?.toISOString() ?? null,
});

function assertRuns(schedule: Schedule, now: Date): void {
  if (!isTimeZone(schedule.time_zone)) throw invalid([{ path: 'body.time_zone', message: 'is no time zone' }]);
  const issues = actions.flatMap((action) => {
    const pattern = schedule[action];
    const message = pattern === null ? undefined : faultOf(pattern, schedule.time_zone, now);
    return message === undefined ? [] : [{ path: `body.${action}`, message }];
  });
  if (issues.length > 0) throw invalid(issues);
}

/** A change writes the timers of its next runs; those of the version before are void by that. */
export const scheduleUseCases = ({ schedules }: { schedules: ScheduleStore }): UseCases<typeof scheduleRoutes> => ({
  'schedules.get': async ({ params }, call) => {
    const schedule = await schedules.find(params.id);
    return { data: viewOf(schedule, call.now), version: schedule.version };
  },
  'schedules.update': async ({ params, body }, call) => {
    const before = await schedules.find(params.id);
    call.expectVersion(before.version);
    const { start = before.start, stop = before.stop, time_zone, enabled } = body;
    const given = { workspace_id: params.id, start, stop, time_zone, enabled };
    const schedule = { ...given, version: before.version + 1, updated_at: call.now.toISOString() };
    assertRuns(schedule, call.now);
    const timers = actions.flatMap((action) => scheduleTimer(schedule, action, call.now) ?? []);
    const data = viewOf(schedule, call.now);
    const writes = [schedules.put(schedule), ...timers.map(timerWrite)];
    return call.commit(writes, { data, version: schedule.version, resourceId: params.id });
  },
});
