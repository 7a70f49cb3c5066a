import type { Language } from '../../../contracts/messages.ts';
import { type NotificationKind, notificationKinds } from '../../../contracts/notifications/kinds.ts';

/** For a person or a workspace that was gone when its name was looked up. */
const gone: Readonly<Record<Language, string>> = { en: 'somebody who is gone', ko: '삭제된 사용자' };

const isTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/;

/** `2026-01-31T09:30:00.000Z` reads `2026-01-31 09:30 UTC`. */
const forPeople = (value: string): string => value.replace(isTime, '$1 $2 UTC');

export interface Worded {
  title: string;
  message: string;
}

/** Texts are kept as their kind and what fills them, and worded when they are read: in the reader's language, by today's words. */
export function wordText(kind: NotificationKind, params: Readonly<Record<string, string>>, language: Language): Worded {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, place: string) => {
      const value = params[place];
      return value === undefined ? gone[language] : forPeople(value);
    });
  const { title, message } = notificationKinds[kind][language];
  return { title: fill(title), message: fill(message) };
}
