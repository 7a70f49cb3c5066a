import * as z from 'zod';
import { id, timestamp } from '../shared/fields.ts';

const cron = z
  .string()
  .trim()
  .max(100)
  .regex(/^[\d*/,A-Za-z-]+( +[\d*/,A-Za-z-]+){4}$/, { error: 'must be five fields: minute hour day month weekday' })
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
