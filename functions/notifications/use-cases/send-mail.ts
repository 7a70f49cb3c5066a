import type { InternalEventOf } from '../../../contracts/internal-events.ts';
import type { Language } from '../../../contracts/messages.ts';
import { type NotificationKind, notificationKinds } from '../../../contracts/notifications/kinds.ts';
import type { Preferences } from '../../../contracts/notifications/preferences.ts';
import type { Mail } from '../domain/mail.ts';
import { codeMail, notificationMail } from '../domain/mail.ts';
import type { Notification } from '../domain/notification.ts';
import { channelsOf } from '../domain/preferences.ts';
import { quietSeconds } from '../domain/quiet-hours.ts';
import { wordText } from '../domain/word-text.ts';
import {
  type Addressee,
  type DelayedMails,
  type Log,
  type MailClaims,
  type Mailer,
  type MailOf,
  type MintCode,
  type NotificationStore,
  type PreferenceStore,
  type Tally,
  TooManyMails,
} from '../ports.ts';

export interface SendDependencies {
  notifications: Pick<NotificationStore, 'load' | 'kindOfDeleted'>;
  preferences: Pick<PreferenceStore, 'find'>;
  addressees: { find(userId: string, now: Date): Promise<Addressee | undefined> };
  claims: MailClaims;
  /** Undefined where the stage sends no e-mails. */
  mailer: Mailer | undefined;
  delayed: DelayedMails;
  mintCode: MintCode;
  /** With scheme, without a slash at its end; empty where the stage has no domain. */
  siteUrl: string;
  now: () => Date;
  /** 0 ≤ x < 1, so that those who wait do not come back all at once. */
  random: () => number;
  log: Log;
  tally: Tally;
}

interface Letter {
  to: string;
  mail: Mail;
}

/** Another sender is at it, or was cut off: tried again when its lease is over. */
export class MailHeld extends Error {
  constructor() {
    super('another sender holds the mail');
  }
}

/** As the bus brings them, with the time of the change that they are of. */
type Brought<Type extends 'mail_due' | 'code_due'> = InternalEventOf<Type> & { timestamp: string };
type Due = Brought<'mail_due' | 'code_due'>;

/** While no more are taken: a queue's tries would be used up within minutes, and a day's quota comes back by and by. */
const waitSeconds = { least: 30, most: 120 };

/** Whoever waits for a code does not wait longer. */
const patienceMs = 15 * 60_000;

/** `body` is the queue's message as it is, to be handed over again later. */
export const sendMail =
  (dependencies: SendDependencies) =>
  async (event: Due, body: string): Promise<void> => {
    const { mailer, delayed, random, log, tally } = dependencies;
    if (mailer === undefined) return log.info('a mail is not sent: the stage has no sender', { type: event.type });
    try {
      await (event.type === 'mail_due'
        ? sendNotification(event, body, mailer, dependencies)
        : sendCode(event, mailer, dependencies));
    } catch (error) {
      if (!(error instanceof TooManyMails)) throw error;
      log.info('a mail waits: no more are taken just now', { type: event.type });
      tally('MailsDelayed');
      await delayed.delay(body, Math.ceil(waitSeconds.least + random() * (waitSeconds.most - waitSeconds.least)));
    }
  };

const sendCode = (
  { user_id, purpose, nonce, timestamp }: Brought<'code_due'>,
  mailer: Mailer,
  dependencies: SendDependencies,
): Promise<void> =>
  sendOnce({ kind: 'code', user_id, nonce }, mailer, dependencies, async () => {
    const { mintCode, now, log, tally } = dependencies;
    const minted = await mintCode({ user_id, purpose, nonce, now: now() });
    if (minted !== undefined) return { to: minted.email, mail: codeMail({ purpose, ...minted }) };
    const waited = now().getTime() - Date.parse(timestamp);
    // At once: another was asked for right behind it. After a while: because this one did not come.
    if (waited > patienceMs) {
      log.error('a code is not sent: it is not due any more', { user_id, purpose, waited_ms: waited });
      tally('CodesGivenUp');
    }
    return undefined;
  });

/** Told at the addresses that were left lately, too. Urgent, so that none waits, and of no params. */
const toldBefore: readonly NotificationKind[] = ['email_changed', 'password_changed'];

async function sendNotification(
  event: InternalEventOf<'mail_due'>,
  body: string,
  mailer: Mailer,
  dependencies: SendDependencies,
): Promise<void> {
  const { user_id, notification_id } = event;
  const { notifications, preferences, addressees, now } = dependencies;
  const [notification, wishes, addressee] = await Promise.all([
    notifications.load(user_id, notification_id),
    preferences.find(user_id),
    addressees.find(user_id, now()),
  ]);
  if (addressee === undefined || !addressee.is_active) return;
  const { language } = wishes;
  await allOf([
    ...(notification === undefined
      ? []
      : [sendToUser({ notification, wishes, addressee, body }, mailer, dependencies)]),
    sendToPrevious({ event, notification, addressee, language }, mailer, dependencies),
  ]);
}

/** One that fails keeps none of the others; what was sent is not sent again with it. */
async function allOf(sendings: readonly Promise<void>[]): Promise<void> {
  for (const sending of await Promise.allSettled(sendings)) if (sending.status === 'rejected') throw sending.reason;
}

/** Whoever takes an account over gives it an address of theirs, and deletes what it is told of that. */
async function sendToPrevious(
  {
    event: { user_id, notification_id },
    notification,
    addressee: { previous = [] },
    language,
  }: {
    event: InternalEventOf<'mail_due'>;
    notification: Notification | undefined;
    addressee: Addressee;
    language: Language;
  },
  mailer: Mailer,
  dependencies: SendDependencies,
): Promise<void> {
  if (previous.length === 0) return;
  const kind = notification?.kind ?? (await dependencies.notifications.kindOfDeleted(user_id, notification_id));
  if (kind === undefined || !toldBefore.includes(kind)) return;
  const mail = notificationMail(wordText(kind, {}, language), language, null, dependencies.siteUrl);
  await allOf(
    previous.map(({ email, left_at }) =>
      sendOnce({ kind: 'copy', user_id, notification_id, left_at }, mailer, dependencies, async () => ({
        to: email,
        mail,
      })),
    ),
  );
}

async function sendToUser(
  {
    notification,
    wishes,
    addressee,
    body,
  }: { notification: Notification; wishes: Preferences; addressee: Addressee; body: string },
  mailer: Mailer,
  dependencies: SendDependencies,
): Promise<void> {
  const { delayed, siteUrl, now, log } = dependencies;
  const { user_id, id: notification_id } = notification;
  // Whoever enters a stranger's address must not be able to have mails sent there.
  if (!addressee.email_verified)
    return log.info('a mail is not sent: the address is not verified', { notification_id });
  const { kind, params, link } = notification;
  // It may have waited for hours, or in the queue of dead letters.
  if (!channelsOf(kind, wishes, true).email)
    return log.info('a mail is not sent: its kind was switched off meanwhile', { notification_id });
  const waits = notificationKinds[kind].priority === 'urgent' ? 0 : quietSeconds(wishes, now());
  if (waits > 0) return delayed.delay(body, waits);
  await sendOnce({ kind: 'notification', user_id, notification_id }, mailer, dependencies, async () => {
    const { language } = wishes;
    return { to: addressee.email, mail: notificationMail(wordText(kind, params, language), language, link, siteUrl) };
  });
}

/**
 * A failure gives the lease back, so that the queue's next delivery tries again. After a crash, or when a mark fails, the mail may have gone out: it goes out
 * a second time once the lease is over.
 */
async function sendOnce(
  mail: MailOf,
  mailer: Mailer,
  { claims, now }: SendDependencies,
  write: () => Promise<Letter | undefined>,
): Promise<void> {
  const answer = await claims.claim(mail, now());
  if (answer === 'sent') return;
  if (answer === 'held') throw new MailHeld();
  try {
    const letter = await write();
    if (letter !== undefined) await mailer.send(letter.to, letter.mail);
  } catch (error) {
    // What can't be given back ends by itself.
    await claims.release(mail).catch(() => undefined);
    throw error;
  }
  await claims.markSent(mail, now());
}
