import type { Preferences } from '../../../contracts/notifications/preferences.ts';

const dayMinutes = 24 * 60;

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

/** What the clock shows in the zone. */
const clockAt = (now: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now);

const since = (from: number, to: number) => (to - from + dayMinutes) % dayMinutes;

/**
 * Seconds for which an e-mail waits: 0 outside of quiet hours, which may span midnight. In the night in which clocks change it may be an hour off, and is
 * asked again when it is over.
 */
export function quietSeconds(
  { quiet_hours, time_zone }: Pick<Preferences, 'quiet_hours' | 'time_zone'>,
  now: Date,
): number {
  if (quiet_hours === null) return 0;
  const [start, end, at] = [quiet_hours.start, quiet_hours.end, clockAt(now, time_zone)].map(minutesOf) as [
    number,
    number,
    number,
  ];
  if (since(start, at) >= since(start, end)) return 0;
  return since(at, end) * 60 - now.getUTCSeconds();
}
