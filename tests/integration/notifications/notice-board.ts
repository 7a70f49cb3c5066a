import type { InternalEventOf } from '../../../contracts/internal-events.ts';
import { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { NotificationEvent } from '../../../functions/notifications/ports.ts';
import { createNames } from '../../../functions/notifications/store/names.ts';
import { createNotificationStore } from '../../../functions/notifications/store/notification-store.ts';
import { createPreferenceStore } from '../../../functions/notifications/store/preference-store.ts';
import { createRecipients } from '../../../functions/notifications/store/recipients.ts';
import { handleEvent } from '../../../functions/notifications/use-cases/handle-event.ts';
import { notificationUseCases } from '../../../functions/notifications/use-cases/index.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { defaultLimits } from '../../../functions/platform/api/limits.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { Http } from '../../support/http-client.ts';
import { createInProcessHttp, inProcessDependencies } from '../../support/in-process-api.ts';
import type { Resident } from '../workspaces/tenancy.ts';

export interface NoticeBoard {
  http: Http;
  /** What raise-notifications does with an event. */
  handle(event: NotificationEvent): Promise<void>;
  list(
    resident: Resident,
    query?: string,
  ): Promise<{ notifications: Listed[]; unread_count: number; pagination: Page }>;
}

export interface Listed {
  id: string;
  title: string;
  message: string;
  link: string | null;
  is_read: boolean;
}

interface Page {
  total: number;
  has_next: boolean;
  next_cursor: string | null;
}

let count = 0;

/** As the relay makes it: a change's id and second. */
export const eventOf = (
  told: InternalEventOf<'notification_due' | 'user_deleted'>,
  timestamp = new Date().toISOString(),
): NotificationEvent => {
  count += 1;
  return { ...told, id: `change-${count}`, timestamp };
};

export const vmRuns = (vm: string, user: Resident, timestamp?: string): NotificationEvent =>
  eventOf(
    { type: 'notification_due', kind: 'vm_running', user_ids: [user.id], params: { vm }, link: '/vms/1' },
    timestamp,
  );

/** The API and the consumer over a table; tokens are taken at their word, as in a tenancy. */
export function createNoticeBoard(table: Table, now: () => Date = () => new Date(), mails = true): NoticeBoard {
  const verifyToken = async (token: string) => ({ userId: token, sessionId: 'session', expiresAt: 9_999_999_999 });
  const limits = { ...defaultLimits, user: 1_000_000 };
  const dependencies = inProcessDependencies({ table, verifyToken }, { limits, now });
  const notifications = createNotificationStore(table);
  const useCases = notificationUseCases({ notifications, preferences: createPreferenceStore(table) });
  const http = createInProcessHttp({ 'notifications-api': createApi(notificationRoutes, useCases, dependencies) });
  return {
    http,
    handle: handleEvent({ notifications, recipients: createRecipients(table), names: createNames(table), mails, now }),
    list: async ({ token }, query = '') => (await http('GET', `/notifications${query}`, { token })).body.data,
  };
}
