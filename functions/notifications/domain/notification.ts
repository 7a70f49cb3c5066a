import type { Language } from '../../../contracts/messages.ts';
import { type NotificationKind, notificationKinds } from '../../../contracts/notifications/kinds.ts';
import type { Notification as NotificationView } from '../../../contracts/notifications/notification.ts';
import type { State } from './unread.ts';
import { wordText } from './word-text.ts';

export interface Notification {
  id: string;
  user_id: string;
  kind: NotificationKind;
  params: Readonly<Record<string, string>>;
  link: string | null;
  created_at: string;
  /** Shown in the list, counted and pushed. One that is not exists for its e-mail. */
  in_app: boolean;
  email: boolean;
  /** Of its user as it was raised: what is pushed is worded in it. */
  language: Language;
  /** How often all had been marked as read when it came: one of an earlier count is read. */
  epoch: number;
  read: boolean;
}

export const isRead = ({ read, epoch }: Notification, state: Pick<State, 'epoch'> | undefined): boolean =>
  read || epoch < (state?.epoch ?? 0);

/** What its user is shown. */
export function viewOf(
  notification: Notification,
  { language, is_read }: { language: Language; is_read: boolean },
): NotificationView {
  const { id, kind, params, link, created_at } = notification;
  const { type, priority } = notificationKinds[kind];
  return { id, ...wordText(kind, params, language), type, priority, is_read, link, created_at };
}
