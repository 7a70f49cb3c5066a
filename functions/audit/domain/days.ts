const aDay = 86_400_000;

/** `2026-01-31`, UTC. */
export const dayOfDate = (date: Date): string => date.toISOString().slice(0, 10);

/** `2026-01-31` → `2026-02-01`, by days of the calendar, UTC; a negative number goes back. */
export const dayAfter = (day: string, count = 1): string =>
  dayOfDate(new Date(Date.parse(`${day}T00:00:00.000Z`) + count * aDay));

export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / aDay);

/** Days from `from` on, without `end`. */
export function* daysFrom(from: string, end: string): Generator<string> {
  for (let day = from; day < end; day = dayAfter(day)) yield day;
}

/** The day behind the first of these that the next one does not follow; they are in order. Undefined where there are none. */
export function endOfRun(days: Iterable<string>): string | undefined {
  let end: string | undefined;
  for (const day of days) {
    if (end !== undefined && day !== end) return end;
    end = dayAfter(day);
  }
  return end;
}

/**
 * The first day whose rows the table is to hold; what is older is shown to nobody, whether or not it has been deleted yet. Undefined where it holds them
 * for ever (0 days).
 */
export const heldFrom = (now: Date, tableDays: number): string | undefined =>
  tableDays === 0 ? undefined : dayAfter(dayOfDate(now), -tableDays);
