import type { NotificationDue } from '../../contracts/internal-events.ts';
import type { Change, Effect } from '../platform/outbox/effect.ts';

/** What follows from a new notice: its event, as it was written. */
export function noticeChanged({ after }: Change): Effect[] {
  const event = after?.['event'];
  return event === undefined ? [] : [{ notify: event as NotificationDue }];
}
