import type { NotificationEvent } from '../ports.ts';
import { type RaiseDependencies, raiseNotification } from './raise-notification.ts';

/** What raise-notifications does with an event: tell people, or forget one who is gone. */
export const handleEvent = (dependencies: RaiseDependencies) => {
  const raise = raiseNotification(dependencies);
  return (event: NotificationEvent): Promise<void> =>
    event.type === 'user_deleted' ? dependencies.notifications.clear(event.user_id, dependencies.now()) : raise(event);
};
