import type { NotificationDue } from '../../../contracts/internal-events.ts';
import { key } from '../../platform/table/key.ts';
import type { PlainWrite } from '../../platform/table/types.ts';

const keptForSeconds = 86_400;

/**
 * Somebody is to be told, in the transaction of what they are told of: the stream tells of the item once, so the notice is neither lost nor
 * doubled. The item itself is of no use after that.
 */
export const noticeWrite = (id: string, event: NotificationDue, now: Date): PlainWrite => ({
  put: {
    pk: key('NOTICE', id),
    sk: 'NOTICE',
    type: 'notice',
    event,
    ttl: Math.floor(now.getTime() / 1_000) + keptForSeconds,
  },
});
