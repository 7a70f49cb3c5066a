import type { Change, Effect } from '../platform/outbox/effect.ts';
import type { Item } from '../platform/table/types.ts';
import { hasMoved, passwordChangesOf } from './domain/user.ts';
import { userFrom } from './store/user-store.ts';

/** What its user should know of, whoever did it. */
function noticesOf(before: Item, after: Item): Effect[] {
  const [user, next] = [userFrom(before), userFrom(after)];
  const notice = (kind: 'password_changed' | 'email_changed'): Effect => ({
    notify: { type: 'notification_due', kind, user_ids: [next.id], params: {} },
  });
  return [
    ...(passwordChangesOf(user) === passwordChangesOf(next) ? [] : [notice('password_changed')]),
    ...(hasMoved(user, next) ? [notice('email_changed')] : []),
  ];
}

/** Who repeats a user's name or address is told that they are others; what they are, it reads. Who keeps things of a user is told that it is gone. */
export function userChanged({ event, before, after }: Change): Effect[] {
  if (event === 'REMOVE') return [{ notify: { type: 'user_deleted', user_id: String(before?.['id']) } }];
  if (before === undefined || after === undefined) return [];
  const notices = noticesOf(before, after);
  if (before['name'] === after['name'] && before['email'] === after['email']) return notices;
  const changed = { type: 'user_changed', user_id: String(after['id']), version: Number(after['version']) } as const;
  return [{ notify: changed }, ...notices];
}
