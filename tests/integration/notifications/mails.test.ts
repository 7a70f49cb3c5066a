import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InternalEventOf } from '../../../contracts/internal-events.ts';
import { createMailClaims } from '../../../functions/notifications/store/mail-claims.ts';
import { createNotificationStore } from '../../../functions/notifications/store/notification-store.ts';
import { createPreferenceStore } from '../../../functions/notifications/store/preference-store.ts';
import { createSesMailer } from '../../../functions/notifications/store/ses-mailer.ts';
import { MailHeld, type SendDependencies, sendMail } from '../../../functions/notifications/use-cases/send-mail.ts';
import type { Item, Table } from '../../../functions/platform/table/types.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { mailsTo } from './mailbox.ts';
import { createNoticeBoard, eventOf, type NoticeBoard, vmRuns } from './notice-board.ts';

let backend: Backend;
let table: Table;
let tenancy: Tenancy;
let board: NoticeBoard;
beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  table = tenancy.table;
  board = createNoticeBoard(table);
});
afterAll(() => backend.stop());

const noon = new Date('2026-02-01T12:00:00.000Z');
let now: Date;
let sent: { to: string; subject: string; text: string }[];
let delays: number[];
let verified: boolean;
let active: boolean;
let tallied: string[];
beforeEach(() => {
  now = noon;
  sent = [];
  delays = [];
  verified = true;
  active = true;
  tallied = [];
});
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1_000);
};

/** send-mails on the real table; what is given replaces a part. */
function senderOf({ email }: Resident, given: Partial<SendDependencies> = {}) {
  const work = sendMail({
    notifications: createNotificationStore(table),
    preferences: createPreferenceStore(table),
    addressees: { find: async () => ({ email, email_verified: verified, is_active: active }) },
    claims: createMailClaims(table),
    mailer: { send: async (to, { subject, text }) => void sent.push({ to, subject, text }) },
    delayed: { delay: async (_, seconds) => void delays.push(seconds) },
    mintCode: async () => undefined,
    siteUrl: 'https://sky.example',
    now: () => now,
    random: () => 0.5,
    log: { info: () => undefined, error: () => undefined },
    tally: (metric) => void tallied.push(metric),
    ...given,
  });
  const timestamp = noon.toISOString();
  return (event: InternalEventOf<'mail_due' | 'code_due'>) => work({ timestamp, ...event }, '{}');
}

async function dueTo(user: Resident) {
  await board.handle(vmRuns('web-1', user));
  const items = await table.queryAll({ pk: `NOTIFICATION#${user.id}`, prefix: 'N#' });
  return mailOf(user, items, 'vm_running');
}

async function tell(user: Resident, kind: 'email_changed' | 'password_changed') {
  await board.handle(eventOf({ type: 'notification_due', kind, user_ids: [user.id], params: {} }));
  const items = await table.queryAll({ pk: `NOTIFICATION#${user.id}`, prefix: 'N#' });
  return mailOf(user, items, kind);
}

function mailOf(user: Resident, items: readonly Item[], kind: string) {
  const item = items.find((one) => one['kind'] === kind);
  return { type: 'mail_due', user_id: user.id, notification_id: String(item?.['id']) } as const;
}

describe('a mail', () => {
  it('that is due three times is sent once, one after the other and at once', async () => {
    for (const atOnce of [false, true]) {
      const user = await tenancy.settle();
      const [due, send] = [await dueTo(user), senderOf(user)];
      const deliver = () => send(due).catch((error: unknown) => expect(error).toBeInstanceOf(MailHeld));
      if (atOnce) await Promise.all([deliver(), deliver(), deliver()]);
      else for (let times = 0; times < 3; times += 1) await deliver();
      expect(sent.filter(({ to }) => to === user.email)).toHaveLength(1);
    }
    expect(sent[0]).toMatchObject({ subject: 'VM web-1 is running' });
  });

  it('without its claim is sent three times: the control', async () => {
    const user = await tenancy.settle();
    const due = await dueTo(user);
    const claims = {
      claim: async () => 'mine' as const,
      markSent: async () => undefined,
      release: async () => undefined,
    };
    const send = senderOf(user, { claims });
    await Promise.all([send(due), send(due), send(due)]);
    expect(sent).toHaveLength(3);
  });

  it('that SES does not take is tried again at the next delivery', async () => {
    const user = await tenancy.settle();
    const due = await dueTo(user);
    let refusals = 0;
    const mailer = {
      send: async () => {
        refusals += 1;
        throw new Error('Rejected');
      },
    };
    for (let times = 0; times < 3; times += 1)
      await expect(senderOf(user, { mailer })(due)).rejects.toThrow('Rejected');
    expect(refusals).toBe(3);
    await senderOf(user)(due);
    await senderOf(user)(due);
    expect(sent).toHaveLength(1);
  });

  it('of which SES takes no more just now waits by itself, without using tries up, and is then sent once', async () => {
    const user = await tenancy.settle();
    const due = await dueTo(user);
    for (const name of ['TooManyRequestsException', 'ThrottlingException', 'LimitExceededException']) {
      const client = { send: async () => Promise.reject(Object.assign(new Error('over the rate'), { name })) };
      const mailer = createSesMailer({ client: client as unknown as SESv2Client, from: 'no-reply@skyclust.example' });
      await senderOf(user, { mailer })(due);
    }
    expect([sent.length, delays]).toEqual([0, [75, 75, 75]]);
    expect(tallied).toEqual(Array(3).fill('MailsDelayed'));
    await senderOf(user)(due);
    await senderOf(user)(due);
    expect(sent).toHaveLength(1);
  });

  it('whose sender dies between sending and marking is held for its lease, then sent a second time', async () => {
    const user = await tenancy.settle();
    const due = await dueTo(user);
    const claims = createMailClaims(table);
    const dying = senderOf(user, { claims: { ...claims, markSent: async () => Promise.reject(new Error('killed')) } });
    await expect(dying(due)).rejects.toThrow('killed');
    expect(sent).toHaveLength(1);
    await expect(senderOf(user)(due)).rejects.toThrow(MailHeld);
    expect(sent).toHaveLength(1);
    later(91);
    await senderOf(user)(due);
    await senderOf(user)(due);
    expect(sent).toHaveLength(2);
  });

  it('waits for the end of quiet hours, but an urgent one', async () => {
    const user = await tenancy.settle();
    const body = { quiet_hours: { start: '11:00', end: '13:00' } };
    await board.http('PUT', '/notifications/preferences', { token: user.token, body });
    const due = await dueTo(user);
    await senderOf(user)(due);
    expect([sent.length, delays]).toEqual([0, [3_600]]);
    later(3_600);
    await senderOf(user)(due);
    expect(sent).toHaveLength(1);
  });

  it('that waited is not sent once its kind was switched off, or its user was disabled', async () => {
    const user = await tenancy.settle();
    const body = { quiet_hours: { start: '11:00', end: '13:00' } };
    await board.http('PUT', '/notifications/preferences', { token: user.token, body });
    const due = await dueTo(user);
    await senderOf(user)(due);
    later(3_600);
    const setEmail = (vm: boolean) =>
      board.http('PUT', '/notifications/preferences', { token: user.token, body: { email: { vm } } });
    await setEmail(false);
    await senderOf(user)(due);
    await setEmail(true);
    active = false;
    await senderOf(user)(due);
    expect(sent).toEqual([]);
    active = true;
    await senderOf(user)(due);
    expect(sent).toHaveLength(1);
  });

  it('goes to a verified address only, and not once its notification is deleted', async () => {
    const user = await tenancy.settle();
    const due = await dueTo(user);
    verified = false;
    await senderOf(user)(due);
    verified = true;
    await board.http('DELETE', `/notifications/${due.notification_id}`, { token: user.token });
    await senderOf(user)(due);
    expect(sent).toEqual([]);
  });

  it('of another address or password goes to addresses that were left lately, too, each once', async () => {
    const user = await tenancy.settle();
    const previous = [
      { email: 'old@example.com', left_at: '2026-02-01T11:00:00.000Z' },
      { email: 'older@example.com', left_at: '2026-01-28T11:00:00.000Z' },
    ];
    const addressees = {
      find: async () => ({ email: user.email, email_verified: verified, is_active: true, previous }),
    };
    const dues = [await tell(user, 'email_changed'), await tell(user, 'password_changed'), await dueTo(user)];
    verified = false;
    for (const due of [...dues, ...dues]) await senderOf(user, { addressees })(due);
    const [moved, changed] = ['Your e-mail address was changed', 'Your password was changed'];
    // To all of them side by side, so in no order.
    expect(sent.map(({ to, subject }) => `${subject}: ${to}`).toSorted()).toEqual(
      [moved, changed].flatMap((subject) => previous.map(({ email }) => `${subject}: ${email}`)).toSorted(),
    );
    verified = true;
    for (const due of dues) await senderOf(user, { addressees })(due);
    expect(sent.slice(4).map(({ to }) => to)).toEqual([user.email, user.email, user.email]);
  });

  it('goes to the address that was left though its notification is deleted, and to the others though one is not taken', async () => {
    const user = await tenancy.settle();
    const previous = ['a', 'b'].map((name, at) => ({
      email: `${name}@example.com`,
      left_at: new Date(noon.getTime() - at).toISOString(),
    }));
    const addressees = { find: async () => ({ email: user.email, email_verified: true, is_active: true, previous }) };
    const due = await tell(user, 'email_changed');
    await board.http('DELETE', `/notifications/${due.notification_id}`, { token: user.token });
    const mailer: SendDependencies['mailer'] = {
      async send(to, { subject, text }) {
        if (to === 'a@example.com') throw new Error('Rejected');
        sent.push({ to, subject, text });
      },
    };
    for (let times = 0; times < 2; times += 1)
      await expect(senderOf(user, { addressees, mailer })(due)).rejects.toThrow('Rejected');
    await senderOf(user, { addressees })(due);
    expect(sent.map(({ to }) => to)).toEqual(['b@example.com', 'a@example.com']);
  });

  it('is not sent where the stage sends none', async () => {
    const user = await tenancy.settle();
    await senderOf(user, { mailer: undefined })(await dueTo(user));
    expect(sent).toEqual([]);
  });
});

describe('the mail of a code', () => {
  const due = ({ id }: Resident, nonce: string) =>
    ({ type: 'code_due', user_id: id, purpose: 'reset_password', nonce }) as const;
  const minting = ({ email }: Resident) => {
    let minted = 0;
    const mintCode = async () => {
      minted += 1;
      return { code: `CODE-${minted}`, email, name: 'Minji', language: 'en', expiresAt: noon.toISOString() } as const;
    };
    return { mintCode };
  };

  it('is sent once a request, with the code that was made for it', async () => {
    const user = await tenancy.settle();
    const send = senderOf(user, minting(user));
    for (const nonce of ['a', 'a', 'b']) await send(due(user, nonce));
    expect(sent.map(({ text }) => text.match(/CODE-\d/)?.[0])).toEqual(['CODE-1', 'CODE-2']);
    const stored = JSON.stringify(await table.queryAll({ pk: `NOTIFICATION#${user.id}` }));
    expect(stored).not.toContain('CODE-');
  });

  it('has a code of its own when it is sent a second time, after its sender died', async () => {
    const user = await tenancy.settle();
    const mint = minting(user);
    const claims = createMailClaims(table);
    const markSent = async () => Promise.reject(new Error('killed'));
    await expect(senderOf(user, { ...mint, claims: { ...claims, markSent } })(due(user, 'n'))).rejects.toThrow(
      'killed',
    );
    later(91);
    await senderOf(user, mint)(due(user, 'n'));
    expect(sent.map(({ text }) => text.match(/CODE-\d/)?.[0])).toEqual(['CODE-1', 'CODE-2']);
  });

  it('is not sent where none is due any more, and asked for no more', async () => {
    const user = await tenancy.settle();
    let asked = 0;
    const mintCode = async () => {
      asked += 1;
      return undefined;
    };
    await senderOf(user, { mintCode })(due(user, 'n'));
    await senderOf(user, { mintCode })(due(user, 'n'));
    expect([sent.length, asked]).toEqual([0, 1]);
    expect(tallied).toEqual([]);
  });

  it('is told of where it waited for so long that none is due any more', async () => {
    const user = await tenancy.settle();
    later(16 * 60);
    await senderOf(user)(due(user, 'n'));
    expect([sent.length, tallied]).toEqual([0, ['CodesGivenUp']]);
  });
});

describe('SES', () => {
  it('takes a mail from us as it is worded', async () => {
    const client = new SESv2Client(backend.client);
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'skyclust.example' }));
    const mailer = createSesMailer({ client, from: 'no-reply@skyclust.example' });
    const mail = { subject: 'VM 웹-1 실행 중', text: '본문\n', html: '<p>본문</p>' };
    await mailer.send('minji@example.com', mail);
    expect(await mailsTo(backend, 'minji@example.com')).toEqual([
      { ...mail, to: ['minji@example.com'], from: 'SkyClust <no-reply@skyclust.example>' },
    ]);
    const stranger = createSesMailer({ client, from: 'no-reply@other.example' });
    await expect(stranger.send('minji@example.com', mail)).rejects.toThrow('not verified');
    client.destroy();
  });
});
