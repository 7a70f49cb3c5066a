import { all, exists } from '../../platform/table/fragment.ts';
import { orRefused, Refused, refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Fragment, Item, Key, Table } from '../../platform/table/types.ts';
import { ttlOf } from '../domain/days.ts';
import type { ClaimAnswer, MailClaims, MailOf } from '../ports.ts';
import { codeMailKey, copyMailKey, notificationKey } from './keys.ts';

/**
 * Longer than a sender may run, shorter than a message stays hidden: who was cut off has ended, and the next delivery finds the mail free.
 */
const leaseSeconds = 90;

function keyOf(mail: MailOf): Key {
  if (mail.kind === 'code') return codeMailKey(mail.user_id, mail.nonce);
  if (mail.kind === 'copy') return copyMailKey(mail.user_id, mail.notification_id, mail.left_at);
  return notificationKey(mail.user_id, mail.notification_id);
}

const free: Fragment = {
  text: 'attribute_not_exists(#mail_sent_at) AND (attribute_not_exists(#mail_lease) OR #mail_lease < :now_s)',
};
/** A notification that its user deleted meanwhile is not mailed; the claims of others are made here. */
const there: Fragment = { text: 'attribute_exists(#pk) AND attribute_not_exists(#deleted)' };

/** Of a mail that is not free. */
const answerOf = (old: Item | undefined): ClaimAnswer =>
  old === undefined || old['deleted'] === true || old['mail_sent_at'] !== undefined ? 'sent' : 'held';

/**
 * SES knows no token by which a mail that is sent again is the same one. So a sender takes a lease on the item, sends, and marks it. Who is cut off between
 * sending and marking leaves a lease that ends: the mail is then sent a second time. Twice is the lesser evil; with a mark before sending it would be never.
 */
export const createMailClaims = (table: Table): MailClaims => ({
  async claim(mail, now) {
    const seconds = Math.floor(now.getTime() / 1_000);
    const isMade = mail.kind !== 'notification';
    const change = {
      text: `SET #mail_lease = :until${isMade ? ', #ttl = :ttl' : ''}`,
      values: { until: seconds + leaseSeconds, ...(isMade && { ttl: ttlOf(now.toISOString()) }) },
    };
    const available = { ...free, values: { now_s: seconds } };
    const claimed = await orRefused(
      table.write({
        update: keyOf(mail),
        change,
        condition: isMade ? available : all(available, there),
        otherwise: refused,
      }),
    );
    return claimed instanceof Refused ? answerOf(claimed.old) : 'mine';
  },

  markSent: (mail, now) =>
    writeIfThere(table, mail, {
      text: 'SET #mail_sent_at = :at REMOVE #mail_lease',
      values: { at: now.toISOString() },
    }),

  release: (mail) => writeIfThere(table, mail, { text: 'REMOVE #mail_lease' }),
});

/** All of a user may have been removed while its mail was sent. */
async function writeIfThere(table: Table, mail: MailOf, change: Fragment): Promise<void> {
  await unlessRefused(table.write({ update: keyOf(mail), change, condition: exists, otherwise: refused }));
}
