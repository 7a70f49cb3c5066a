import type { NotificationKind, NotificationParams } from './notifications/kinds.ts';

/** What functions of ours are told over the bus, by type. No client is sent any: those events are in realtime/events.ts. */
export const internalEventTypes = [
  'user_changed',
  'user_deleted',
  'member_added',
  'notification_due',
  'code_due',
  'mail_due',
  'export_due',
  'thing_counted',
] as const;
export type InternalEventType = (typeof internalEventTypes)[number];

/** Those that change who a member is said to be. */
export const profileEventTypes = ['user_changed', 'member_added'] as const satisfies InternalEventType[];
export type ProfileEventType = (typeof profileEventTypes)[number];

/** What a code is good for. The sender of the mail generates it, so no code is ever in an event or a queue. */
export type CodePurpose = 'verify_email' | 'reset_password' | 'invite';

/** What `GET /system/stats` knows the number of, beside VMs. */
export type CountedThing = 'user' | 'workspace' | 'credential';

interface NotificationDueOf<Kind extends NotificationKind> {
  type: 'notification_due';
  kind: Kind;
  /** Who is told: these users, and the owners of the workspace as they are by then; each once. */
  user_ids?: readonly string[];
  workspace_id?: string;
  /** What fills the places of its text. Where the kind looks a name up, the id: never a name or an address of a person. */
  params: NotificationParams<Kind>;
  /** A path of the dashboard. */
  link?: string;
}
export type NotificationDue = { [Kind in NotificationKind]: NotificationDueOf<Kind> }[NotificationKind];

/** Ids and versions, no secret and nothing personal: whoever is told reads the thing as it is by then. */
export type InternalEvent =
  /** A user's name or address is another. */
  | { type: 'user_changed'; user_id: string; version: number }
  /** A user is gone. */
  | { type: 'user_deleted'; user_id: string }
  /** A workspace has a member more. */
  | { type: 'member_added'; workspace_id: string; user_id: string }
  /** Somebody is to be told of something. */
  | NotificationDue
  /** A user is to be mailed a code; the nonce says for which of its requests. */
  | { type: 'code_due'; user_id: string; purpose: CodePurpose; nonce: string }
  /** A notification is to be mailed to its user. */
  | { type: 'mail_due'; user_id: string; notification_id: string }
  /** A stretch of the work on an export of audit rows is to be done. */
  | { type: 'export_due'; scope: string; export_id: string; leg: number }
  /** There is one of these more, or one fewer. VMs are counted by `vm_status_changed`. */
  | { type: 'thing_counted'; thing: CountedThing; change: 1 | -1 };

export type InternalEventOf<Type extends InternalEventType> = Extract<InternalEvent, { type: Type }>;
