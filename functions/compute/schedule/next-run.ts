import { Cron } from 'croner';
import type { IssueMessage } from '../../../contracts/shared/issue-messages.ts';
import type { Schedule, ScheduleAction } from '../domain/schedule.ts';
import type { Timer } from '../domain/timer.ts';

const leastGapMs = 5 * 60_000;
/** Enough to meet what is near in a pattern of a day. */
const runsLookedAt = 50;

const cronOf = (pattern: string, timeZone: string) =>
  new Cron(pattern, { timezone: timeZone, mode: '5-part', paused: true });

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

/** Why a pattern can not be a schedule's; undefined where it can. */
export function faultOf(pattern: string, timeZone: string, now: Date): IssueMessage | undefined {
  let runs: Date[];
  try {
    runs = cronOf(pattern, timeZone).nextRuns(runsLookedAt, now);
  } catch {
    return 'must be five fields of cron: minute hour day month weekday';
  }
  if (runs.length === 0) return 'never comes';
  const isNear = runs.some((run, nth) => nth > 0 && run.getTime() - (runs[nth - 1]?.getTime() ?? 0) < leastGapMs);
  return isNear ? 'must leave 5 minutes between two runs' : undefined;
}

/**
 * The first run after a time. A local time that the clocks skip runs as soon as they go on (02:30 at 03:00); one that they repeat runs the first
 * time only.
 */
export function nextRun(schedule: Schedule, action: ScheduleAction, after: Date): Date | undefined {
  const pattern = schedule[action];
  if (!schedule.enabled || pattern === null) return undefined;
  return cronOf(pattern, schedule.time_zone).nextRun(after) ?? undefined;
}

/** The last run at or before a time. */
export function lastRun(schedule: Schedule, action: ScheduleAction, at: Date): Date | undefined {
  const pattern = schedule[action];
  if (!schedule.enabled || pattern === null) return undefined;
  // Exclusive of its reference, and runs are whole minutes.
  return cronOf(pattern, schedule.time_zone).previousRuns(1, new Date(at.getTime() + 1_000))[0];
}

export function scheduleTimer(schedule: Schedule, action: ScheduleAction, after: Date): Timer | undefined {
  const due = nextRun(schedule, action, after)?.toISOString();
  if (due === undefined) return undefined;
  const { workspace_id, version } = schedule;
  return { kind: `schedule_${action}`, workspace_id, id: workspace_id, due, at: due, of: String(version), tries: 0 };
}
