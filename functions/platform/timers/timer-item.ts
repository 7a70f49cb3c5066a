import { key } from '../table/key.ts';
import { refused } from '../table/refused.ts';
import type { Item, Key, PlainWrite } from '../table/types.ts';

/** What happens at a time of its own, whosever it is; what else is of use to them stands beside. */
export interface DueTimer {
  kind: string;
  /** Of what it is; with kind and minute it is the timer's own. */
  id: string;
  /** When it was to fire: ISO 8601. */
  due: string;
  /** When it is to be looked at: `due`, or later where it could not be done then. */
  at: string;
  /** How that stood which it was set for. If it has changed since, the timer is void. */
  of: string;
  /** How often it was put off for an error. */
  tries: number;
}

/** `2026-02-01T13`: the partition of all timers of an hour. */
export const hourOf = (at: string): string => at.slice(0, 13);

export const timerPartition = (hour: string): string => key('TIMER', hour);

export const timerKey = ({ at, kind, id }: Pick<DueTimer, 'at' | 'kind' | 'id'>): Key => ({
  pk: timerPartition(hourOf(at)),
  sk: key(at.slice(0, 16), kind, id),
});

export const toTimer = <T extends DueTimer>({ pk: _, sk: __, ...timer }: Item): T => timer as unknown as T;

/** One of the same minute, kind and thing is replaced: only the last can count. */
export const timerWrite = (timer: DueTimer): PlainWrite => ({ put: { ...timerKey(timer), ...timer } });

/** Holds that the timer has not fired meanwhile, and is the one that was read. */
export const timerRemoval = (timer: DueTimer): PlainWrite => ({
  delete: timerKey(timer),
  condition: {
    text: '#of = :timer_of AND #at = :timer_at',
    values: { timer_of: timer.of, timer_at: timer.at },
  },
  otherwise: refused,
});
