import * as z from 'zod';
import { id, timestamp } from '../shared/fields.ts';

/** A field of cron: values, ranges and steps, in a list. */
const fieldOf = (value: string) => {
  const part = `(\\*|(${value})(-(${value}))?)(/[1-9]\\d?)?`;
  return `${part}(,${part})*`;
};
/** Names in either case: a pattern of JSON Schema has no flag that says so. */
const names = (...of: string[]) =>
  of.map((name) => name.replace(/./g, (letter) => `[${letter}${letter.toLowerCase()}]`)).join('|');
const fields = [
  '[0-5]?\\d',
  '[01]?\\d|2[0-3]',
  '0?[1-9]|[12]\\d|3[01]',
  `0?[1-9]|1[0-2]|${names('JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC')}`,
  `[0-7]|${names('SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT')}`,
];

const cron = z
  .string()
  .trim()
  .max(100)
  .regex(new RegExp(`^${fields.map(fieldOf).join(' +')}$`), {
    error: 'must be five fields of cron: minute hour day month weekday',
  })
  .nullable()
  .meta({ example: '0 8 * * 1-5', description: 'Five fields, in `time_zone`; at least 5 minutes between two runs' });

const timeZone = z
  .string()
  .min(1)
  .max(64)
  .meta({ example: 'Europe/Berlin', description: 'A name of the IANA database' });

export const schedule = z
  .strictObject({
    workspace_id: id,
    start: cron,
    stop: cron,
    time_zone: timeZone,
    enabled: z.boolean(),
    /** When it runs next; null where it does not. */
    next_start: timestamp.nullable(),
    next_stop: timestamp.nullable(),
    version: z.int(),
    updated_at: timestamp.nullable(),
  })
  .meta({ id: 'Schedule' });
export type ScheduleView = z.output<typeof schedule>;

export const scheduleChange = z.strictObject({
  start: cron.optional(),
  stop: cron.optional(),
  time_zone: timeZone,
  enabled: z.boolean(),
});
