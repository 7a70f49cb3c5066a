import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { addressees, mintCode } from '../../identity/index.ts';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { consumeEvents } from '../../platform/outbox/consume-events.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createDelayedMails } from '../store/delayed-mails.ts';
import { createMailClaims } from '../store/mail-claims.ts';
import { createNotificationStore } from '../store/notification-store.ts';
import { createPreferenceStore } from '../store/preference-store.ts';
import { createSesMailer } from '../store/ses-mailer.ts';
import { sendMail } from '../use-cases/send-mail.ts';

const env = readEnv({
  TABLE_NAME: 'string',
  MAILS_QUEUE_URL: 'string',
  MAIL_FROM: 'text',
  MAIL_CONFIGURATION_SET: 'text',
  SITE_URL: 'text',
});
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });
const log = createLogger();
const metrics = createMetrics();

const work = sendMail({
  notifications: createNotificationStore(table),
  preferences: createPreferenceStore(table),
  addressees: addressees(table),
  claims: createMailClaims(table),
  mailer:
    env.MAIL_FROM === ''
      ? undefined
      : createSesMailer({ from: env.MAIL_FROM, configurationSet: env.MAIL_CONFIGURATION_SET }),
  delayed: createDelayedMails({ queueUrl: env.MAILS_QUEUE_URL }),
  mintCode: (wish) => mintCode(table, wish),
  siteUrl: env.SITE_URL,
  now: () => new Date(),
  random: Math.random,
  log,
  tally: (metric) => {
    metrics.addMetric(metric, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  },
});

export const handler = consumeEvents(work, log);
