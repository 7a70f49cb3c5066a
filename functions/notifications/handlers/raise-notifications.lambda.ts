import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { consumeEvents } from '../../platform/outbox/consume-events.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createNames } from '../store/names.ts';
import { createNotificationStore } from '../store/notification-store.ts';
import { createRecipients } from '../store/recipients.ts';
import { handleEvent } from '../use-cases/handle-event.ts';

const env = readEnv({ TABLE_NAME: 'string', MAIL_FROM: 'text' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

const work = handleEvent({
  notifications: createNotificationStore(table),
  recipients: createRecipients(table),
  names: createNames(table),
  mails: env.MAIL_FROM !== '',
  now: () => new Date(),
});

export const handler = consumeEvents(work, createLogger());
