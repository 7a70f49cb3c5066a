import type { CodePurpose, InternalEventOf, NotificationDue } from '../../contracts/internal-events.ts';
import type { Language } from '../../contracts/messages.ts';
import type { NotificationKind } from '../../contracts/notifications/kinds.ts';
import type { Preferences } from '../../contracts/notifications/preferences.ts';
import type { WorkspaceRole } from '../../contracts/shared/permissions.ts';
import type { Piece } from '../platform/api/read-page.ts';
import type { Write } from '../platform/table/types.ts';
import type { Mail } from './domain/mail.ts';
import type { Notification } from './domain/notification.ts';
import type { State } from './domain/unread.ts';

export type { Write };

/** As the bus brings them: of one change they have the same id each time. */
interface Brought {
  id: string;
  timestamp: string;
}
export type DueEvent = NotificationDue & Brought;
export type NotificationEvent = InternalEventOf<'notification_due' | 'user_deleted'> & Brought;

/** What was read is not so any more: read again. */
export class Moved extends Error {
  constructor() {
    super('the notification or its count changed meanwhile');
  }
}

/** The event was told this user before. */
export class AlreadyRaised extends Error {
  constructor() {
    super('the notification is there already');
  }
}

export interface Stretch {
  direction: 'asc' | 'desc';
  /** Strictly beyond this id; the beginning unless given. */
  from: string | undefined;
  wanted: number;
}

export interface Listed {
  position: string;
  notification: Notification;
}

/** Strongly consistent. Methods that answer writes do nothing by themselves. */
export interface NotificationStore {
  find(userId: string, id: string, now: Date): Promise<{ notification: Notification; state: State } | undefined>;
  /** Its item as an event of it finds it, whatever the time. */
  load(userId: string, id: string): Promise<Notification | undefined>;
  /** Of what was told of the account, what it was, though its user has deleted it. */
  kindOfDeleted(userId: string, id: string): Promise<NotificationKind | undefined>;
  state(userId: string): Promise<State | undefined>;
  /** Those that are shown, page after page. From the newest on, the state comes with the first page, in the same trip. */
  list(
    userId: string,
    stretch: Stretch,
    now: Date,
  ): Promise<{ state: State | undefined; pieces: AsyncIterable<Piece<Listed>> }>;
  /** Puts it and counts it, both or neither. Throws AlreadyRaised, or Moved. */
  raise(notification: Notification, state: State | undefined, now: Date): Promise<void>;
  /** Marks one that is unread. They refuse by Moved. */
  markRead(notification: Notification, state: State): Write[];
  markAllRead(userId: string): Write[];
  remove(notification: Notification, state: State): Write[];
  /** Removes everything of a user, and lets nothing come in any more. Repeatable. */
  clear(userId: string, now: Date): Promise<void>;
}

export interface PreferenceStore {
  find(userId: string): Promise<Preferences>;
  /** Holds the version before it. */
  put(userId: string, preferences: Preferences): Write;
}

/** Who is to be told, and how things stand with them. */
export interface Recipient {
  id: string;
  preferences: Preferences;
  state: State | undefined;
}

export interface Recipients {
  /** Strongly consistent: who is in the workspace now, as what. */
  rolesIn(workspaceId: string): Promise<ReadonlyMap<string, WorkspaceRole>>;
  /** Those of them who exist and are not disabled. */
  find(userIds: readonly string[]): Promise<Recipient[]>;
}

/** By ids; undefined for what is gone. */
export interface Names {
  user(id: string): Promise<string | undefined>;
  workspace(id: string): Promise<string | undefined>;
}

export interface Addressee {
  email: string;
  email_verified: boolean;
  is_active: boolean;
  /** Addresses that it has verified and then left within a week, with the time of that (ISO 8601). */
  previous?: readonly { email: string; left_at: string }[];
}

/** What may be mailed once. */
export type MailOf =
  | { kind: 'notification'; user_id: string; notification_id: string }
  /** The same to the address that was left then. */
  | { kind: 'copy'; user_id: string; notification_id: string; left_at: string }
  | { kind: 'code'; user_id: string; nonce: string };

/**
 * - `mine`: nobody else sends it until the lease is over.
 * - `sent`: it has been, or there is nothing to send any more.
 * - `held`: another holds the lease.
 */
export type ClaimAnswer = 'mine' | 'sent' | 'held';

export interface MailClaims {
  claim(mail: MailOf, now: Date): Promise<ClaimAnswer>;
  markSent(mail: MailOf, now: Date): Promise<void>;
  /** It was not sent: another may try at once. */
  release(mail: MailOf): Promise<void>;
}

/** No more are taken just now, this one either: the rate of the account or its day's quota is used up. */
export class TooManyMails extends Error {
  constructor(cause: unknown) {
    super('no more mails are taken just now', { cause });
  }
}

export interface Mailer {
  /** Throws TooManyMails; else, when it was not taken, or when that is unknown. */
  send(to: string, mail: Mail): Promise<void>;
}

export interface DelayedMails {
  /** Hands the message over again after so many seconds, at most 900. */
  delay(body: string, seconds: number): Promise<void>;
}

/** Undefined where no mail is due any more. */
export type MintCode = (wish: {
  user_id: string;
  purpose: CodePurpose;
  nonce: string;
  now: Date;
}) => Promise<{ code: string; email: string; name: string; language: Language; expiresAt: string } | undefined>;

/** Counts what an alarm looks at: mails that SES did not take yet, codes that waited until nobody wanted them. */
export type Tally = (metric: 'MailsDelayed' | 'CodesGivenUp') => void;

export interface Log {
  info(message: string, details: Record<string, unknown>): void;
  error(message: string, details: Record<string, unknown>): void;
}
