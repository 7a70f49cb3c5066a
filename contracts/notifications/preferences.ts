import * as z from 'zod';
import { timestamp } from '../shared/fields.ts';

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day, HH:MM' })
  .meta({ example: '22:00' });

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** By the name that the time zone database has for it. */
const timeZone = z
  .string()
  .max(64)
  .refine((name) => /^[A-Za-z]/.test(name) && isTimeZone(name), { error: 'must be a time zone, as in Asia/Seoul' })
  .meta({ example: 'Asia/Seoul' });

/** Told in any case: whoever takes an account over must not be able to do so in silence. */
const always = z.literal(true, { error: 'is always told' });

const categories = z.strictObject({ vm: z.boolean(), workspace: z.boolean(), account: always });

const quietHours = z
  .strictObject({ start: clock, end: clock })
  .refine(({ start, end }) => start !== end, { error: 'must not end as they start' })
  .meta({ id: 'QuietHours' });

export const languages = ['en', 'ko'] as const;

export const preferences = z
  .strictObject({
    in_app: categories,
    email: categories,
    quiet_hours: quietHours
      .nullable()
      .meta({ description: 'E-mails wait until they end, but urgent ones. By the clock of `time_zone`.' }),
    time_zone: timeZone,
    language: z.enum(languages).meta({ description: 'Of e-mails and of what is pushed.' }),
    version: z.int(),
    updated_at: timestamp.nullable(),
  })
  .meta({
    id: 'NotificationPreferences',
    example: {
      in_app: { vm: true, workspace: true, account: true },
      email: { vm: true, workspace: false, account: true },
      quiet_hours: { start: '22:00', end: '07:00' },
      time_zone: 'Asia/Seoul',
      language: 'ko',
      version: 2,
      updated_at: '2026-01-31T09:30:00.000Z',
    },
  });
export type Preferences = z.output<typeof preferences>;

/** What is left out stays. */
export const preferencesChange = z.strictObject({
  in_app: categories.partial().optional(),
  email: categories.partial().optional(),
  quiet_hours: quietHours.nullable().optional(),
  time_zone: timeZone.optional(),
  language: z.enum(languages).optional(),
});
export type PreferencesChange = z.output<typeof preferencesChange>;
