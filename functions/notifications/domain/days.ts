import { notificationDays } from '../../../contracts/notifications/limits.ts';

const dayMs = 86_400_000;

/** Days since 1970, UTC. */
export const dayOf = (at: string | Date): number =>
  Math.floor((typeof at === 'string' ? Date.parse(at) : at.getTime()) / dayMs);

/** All notifications of a day go at one moment, the end of its 90th day after: so what was counted by the day is right whenever the table drops them. */
export const firstDayKept = (now: Date): number => dayOf(now) - notificationDays;

export const isKept = (at: string, now: Date): boolean => dayOf(at) >= firstDayKept(now);

/** When the table may drop what is of this day, in seconds. */
export const ttlOf = (at: string): number => ((dayOf(at) + notificationDays + 1) * dayMs) / 1_000;

export const startOfDay = (day: number): Date => new Date(day * dayMs);
