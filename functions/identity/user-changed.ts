import type { Change, Effect } from '../platform/outbox/effect.ts';

/** Who repeats a user's name or address is told that they are others; what they are, it reads. */
export function userChanged({ before, after }: Change): Effect[] {
  if (before === undefined || after === undefined) return [];
  if (before['name'] === after['name'] && before['email'] === after['email']) return [];
  return [{ notify: { type: 'user_changed', user_id: String(after['id']), version: Number(after['version']) } }];
}
