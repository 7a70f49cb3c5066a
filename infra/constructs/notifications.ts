import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { knowsMailSenders } from '../local-stage.ts';
import type { Settings } from '../settings.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';
import { ApiFunction } from './api-function.ts';
import type { Data } from './data.ts';
import { feedQueue } from './feed-queue.ts';
import { HttpRoutes } from './http-routes.ts';
import type { MailIdentity } from './mail-identity.ts';
import { hourlySum } from './own-metric.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';
import { allowItems, denyAudit } from './table-rights.ts';
import { WorkQueue } from './work-queue.ts';

export interface NotificationsProps {
  data: Data;
  alarms: Alarms;
  bus: EventBus;
  httpApi: HttpApi;
  originHashes: string;
}

/** 10 messages a batch: SES gives an account out of its sandbox 14 mails a second to begin with. What is over that waits (ADR 0011). */
const mailBatchesAtOnce = 2;

const own = ['NOTIFICATION#*'];

/** Who is told of what, and how: the API, what raises notifications, what mails them and codes. */
export function addNotifications(scope: Construct, stage: Stage, props: NotificationsProps): void {
  const { data, alarms, bus, httpApi, originHashes } = props;
  const { settings } = stage;
  const shared = { settings, alarms };
  const mailFrom = data.mails?.from ?? '';
  const api = new ApiFunction(scope, 'notifications-api', stage, {
    name: 'notifications-api',
    alarms,
    data,
    originHashes,
  });
  new HttpRoutes(api, 'Routes', httpApi, api);

  const raise = new PlatformFunction(scope, 'raise-notifications', stage, {
    name: 'raise-notifications',
    alarms,
    environment: { MAIL_FROM: mailFrom },
  });
  allowItems(raise, data.table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], {
    partitions: [...own, 'USER#*', 'WS#*'],
  });
  allowItems(
    raise,
    data.table,
    ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
    { partitions: own },
  );
  denyAudit(raise, data.table);
  const notifications = new WorkQueue(scope, 'Notifications', {
    ...shared,
    name: 'notifications',
    deadLetters: 'notifications-dead',
    consumer: raise,
  });
  feedQueue(
    scope,
    'NotificationsRule',
    bus,
    notifications,
    ['notification_due', 'user_deleted'],
    'Who is to be told, and forgotten',
  );

  const send = new PlatformFunction(scope, 'send-mails', stage, {
    name: 'send-mails',
    alarms,
    environment: {
      MAIL_FROM: mailFrom,
      MAIL_CONFIGURATION_SET: data.mails?.configurationSet ?? '',
      SITE_URL: siteUrl(settings),
    },
  });
  allowItems(send, data.table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], { partitions: [...own, 'USER#*'] });
  allowItems(send, data.table, 'dynamodb:UpdateItem', { partitions: own });
  // A code's item, of which it makes the code; nothing else of a user.
  allowItems(send, data.table, 'dynamodb:UpdateItem', {
    partitions: ['USER#*'],
    attributes: ['pk', 'sk', 'nonce', 'hash', 'salt', 'expires_at'],
  });
  if (data.mails !== undefined) {
    allowMails(send, settings, data.mails);
    watchMails(alarms);
  }
  const mails = new WorkQueue(scope, 'MailsQueue', {
    ...shared,
    name: 'mails',
    deadLetters: 'mails-dead',
    consumer: send,
    batchesAtOnce: mailBatchesAtOnce,
  });
  send.lambda.addEnvironment('MAILS_QUEUE_URL', mails.queue.queueUrl);
  send.allow(['sqs:SendMessage'], [mails.queue.queueArn]);
  feedQueue(scope, 'MailsRule', bus, mails, ['mail_due', 'code_due'], 'What is to be mailed');
}

/** From our own address alone, whoever the mail is for. */
function allowMails(send: PlatformFunction, settings: Settings, { arns, identities, from }: MailIdentity): void {
  const actions = ['ses:SendEmail'];
  if (!knowsMailSenders(settings)) {
    send.allowAny(actions, '*', 'The emulator knows no narrower right');
    return;
  }
  send.allow(actions, arns, { StringEquals: { 'ses:FromAddress': from } });
  acknowledgeWildcard(send.role, identities, 'In its sandbox SES asks for this right on the identity of the recipient');
}

/** Neither is an error, and nothing else rings: a mail that is put back has no tries to use up, and a code that came too late is not sent. */
function watchMails(alarms: Alarms): void {
  alarms.watch('mails-delayed', {
    metric: hourlySum('send-mails', 'MailsDelayed'),
    over: 0,
    periods: 3,
    meaning: 'SES has taken no more mails now and then for 3 hours: they wait, codes among them.',
    action: "compare the account's quota and rate at SES with what is sent, and ask for more.",
    chapter: 'mails-delayed',
  });
  alarms.watch('codes-given-up', {
    metric: hourlySum('send-mails', 'CodesGivenUp'),
    over: 0,
    meaning:
      'A code waited for so long to be mailed that it was not sent any more: somebody cannot sign in or register.',
    action: 'see why mails wait: the quota of SES, or send-mails itself.',
    chapter: 'mails-delayed',
  });
}

const siteUrl = ({ domain }: Settings) => (domain === undefined ? '' : `https://${domain}`);
