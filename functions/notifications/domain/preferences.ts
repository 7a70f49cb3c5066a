import { type NotificationKind, notificationKinds } from '../../../contracts/notifications/kinds.ts';
import type { Preferences, PreferencesChange } from '../../../contracts/notifications/preferences.ts';

const everything = { vm: true, workspace: true, account: true } as const;

/** Of who never set any. */
export const defaultPreferences: Preferences = {
  in_app: everything,
  email: everything,
  quiet_hours: null,
  time_zone: 'UTC',
  language: 'en',
  version: 0,
  updated_at: null,
};

const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };

export const changePreferences = (before: Preferences, change: PreferencesChange, now: Date): Preferences => {
  const { in_app = {}, email = {}, ...rest } = change;
  return {
    ...before,
    ...given(rest),
    in_app: { ...before.in_app, ...given(in_app) },
    email: { ...before.email, ...given(email) },
    version: before.version + 1,
    updated_at: now.toISOString(),
  };
};

/** By which channels a user is told of it. E-mails need a stage that sends them. */
export function channelsOf(kind: NotificationKind, { in_app, email }: Preferences, mails: boolean) {
  const { category } = notificationKinds[kind];
  return { in_app: in_app[category], email: mails && email[category] };
}
