import { refused } from '../../platform/table/refused.ts';
import type { Table } from '../../platform/table/types.ts';
import { hourOf } from '../../platform/timers/timer-item.ts';
import { unlessMoved } from '../../platform/timers/unless-moved.ts';

const watermarkKey = { pk: 'TIMER', sk: 'WATERMARK' };
const hourMs = 3_600_000;

/** A timer may be written this late, by a slow request or a clock that is behind. */
const lateHours = 2;
/** Where there is no watermark yet: timers were written, but never looked at, for no longer than this. */
const firstLookDays = 31;

const hoursBefore = (now: Date, hours: number) => hourOf(new Date(now.getTime() - hours * hourMs).toISOString());

/** The hours in which something may be due, from the first that was not found empty for good. */
export async function hoursDue(table: Table, now: Date): Promise<string[]> {
  const item = await table.get(watermarkKey, { consistent: false });
  const mark = item === undefined ? hoursBefore(now, firstLookDays * 24) : String(item['hour']);
  // A clock that was ahead has set it too far: what is near is looked at all the same.
  const late = hoursBefore(now, lateHours);
  const [from = late] = [mark, late].toSorted();
  const hours: string[] = [];
  for (
    let at = Date.parse(`${from}:00:00.000Z`);
    hourOf(new Date(at).toISOString()) <= hourOf(now.toISOString());
    at += hourMs
  )
    hours.push(hourOf(new Date(at).toISOString()));
  return hours;
}

/** Everything before the first hour with something left is done; the last two hours are looked at again each time. */
export async function advance(
  table: Table,
  hours: readonly string[],
  left: string | undefined,
  now: Date,
): Promise<void> {
  const late = hoursBefore(now, lateHours);
  const hour = left !== undefined && left < late ? left : late;
  if (hours[0] === hour) return;
  const condition = { text: 'attribute_not_exists(#hour) OR #hour < :hour', values: { hour } };
  await unlessMoved(table.write({ put: { ...watermarkKey, hour }, condition, otherwise: refused }));
}
