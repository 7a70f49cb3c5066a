import { inParallel } from '../../platform/in-parallel.ts';
import type { Log } from '../../platform/log.ts';
import type { Table } from '../../platform/table/types.ts';
import { type DueTimer, timerPartition, timerRemoval, timerWrite, toTimer } from '../../platform/timers/timer-item.ts';
import { unlessMoved } from '../../platform/timers/unless-moved.ts';
import { advance, hoursDue } from './watermark.ts';

export interface TimersDependencies<Timer> {
  table: Table;
  fire: (timer: Timer) => Promise<void>;
  now: () => Date;
  logger: Pick<Log, 'error'>;
}

const timersAtOnce = 10;
/** Of an hour, in one tick; a tick has a minute. */
const mostAnHour = 500;
const hoursAtOnce = 10;
const longestPauseMs = 3_600_000;

async function dueIn<Timer extends DueTimer>(
  table: Table,
  hour: string,
  now: Date,
): Promise<{ timers: Timer[]; hasMore: boolean }> {
  // Sort keys begin with the minute: some of this one may be due in seconds.
  const to = `${now.toISOString().slice(0, 16)}~`;
  const page = await table.query({ pk: timerPartition(hour), to, limit: mostAnHour, consistent: false });
  const timers = page.items.map(toTimer<Timer>).filter(({ at }) => at <= now.toISOString());
  return { timers, hasMore: page.next !== undefined };
}

/** One that fails is looked at again after a while, longer each time, so that it holds up neither the others nor the watermark. */
async function putOff(table: Table, timer: DueTimer, now: Date): Promise<void> {
  const pause = Math.min(longestPauseMs, 60_000 * 2 ** timer.tries);
  const later = { ...timer, at: new Date(now.getTime() + pause).toISOString(), tries: timer.tries + 1 };
  await unlessMoved(table.transact([timerRemoval(timer), timerWrite(later)]));
}

/** Answers whether it is out of its hour. */
async function fireOne<Timer extends DueTimer>(
  timer: Timer,
  { table, fire, now, logger }: TimersDependencies<Timer>,
): Promise<'fired' | 'failed' | 'left'> {
  try {
    await fire(timer);
    return 'fired';
  } catch (error) {
    logger.error('cannot fire a timer', { kind: timer.kind, id: timer.id, due: timer.due, tries: timer.tries, error });
    return putOff(table, timer, now()).then(
      () => 'failed' as const,
      () => 'left' as const,
    );
  }
}

/**
 * Fires all that has come due since the watermark, in order within an hour's kinds. Every firing is one transaction with its timer's removal, so what a
 * crash leaves the next tick does. Throws at the end when one failed, for the alarm's sake.
 */
export async function fireTimers<Timer extends DueTimer>(dependencies: TimersDependencies<Timer>): Promise<void> {
  const { table, now } = dependencies;
  const began = now();
  const hours = await hoursDue(table, began);
  const due = await inParallel(hoursAtOnce, hours, async (hour) => ({
    hour,
    ...(await dueIn<Timer>(table, hour, began)),
  }));
  const outcomes: ('fired' | 'failed' | 'left')[] = [];
  let left: string | undefined;
  for (const { hour, timers, hasMore } of due) {
    const ended = await inParallel(timersAtOnce, timers, (timer) => fireOne(timer, dependencies));
    if (hasMore || ended.includes('left')) left ??= hour;
    outcomes.push(...ended);
  }
  await advance(table, hours, left, began);
  const failures = outcomes.filter((outcome) => outcome !== 'fired').length;
  if (failures > 0) throw new Error(`cannot fire ${failures} of ${outcomes.length} timers`);
}
