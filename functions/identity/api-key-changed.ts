import type { Change, Effect } from '../platform/outbox/effect.ts';

/** Whose key it is hears of it: whoever sits at an open session could have made it. */
export function apiKeyChanged({ event, after }: Change): Effect[] {
  if (event !== 'INSERT' || after === undefined) return [];
  const [userId, name] = [String(after['user_id']), String(after['name'])];
  return [{ notify: { type: 'notification_due', kind: 'api_key_made', user_ids: [userId], params: { key: name } } }];
}
