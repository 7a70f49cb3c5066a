import { key } from '../../platform/table/key.ts';
import type { Item, Key, PlainWrite } from '../../platform/table/types.ts';
import type { Timer } from '../domain/timer.ts';

/** `2026-02-01T13`: the partition of all timers of an hour. */
export const hourOf = (at: string): string => at.slice(0, 13);

export const timerPartition = (hour: string): string => key('TIMER', hour);

export const timerKey = ({ at, kind, id }: Pick<Timer, 'at' | 'kind' | 'id'>): Key => ({
  pk: timerPartition(hourOf(at)),
  sk: key(at.slice(0, 16), kind, id),
});

export const toTimer = ({ pk: _, sk: __, ...timer }: Item): Timer => timer as unknown as Timer;

/** One of the same minute, kind and thing is replaced: only the last can count. */
export const timerWrite = (timer: Timer): PlainWrite => ({ put: { ...timerKey(timer), ...timer } });

/** Holds that the timer has not fired meanwhile, and is the one that was read. */
export const timerRemoval = (timer: Timer, otherwise: () => Error): PlainWrite => ({
  delete: timerKey(timer),
  condition: {
    text: '#of = :timer_of AND #at = :timer_at',
    values: { timer_of: timer.of, timer_at: timer.at },
  },
  otherwise,
});
