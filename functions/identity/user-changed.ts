import type { Change, Effect } from '../platform/outbox/effect.ts';

/** Who repeats a user's name or address is told that they are others; what they are, it reads. Who keeps things of a user is told that it is gone. */
export function userChanged({ event, before, after }: Change): Effect[] {
  if (event === 'REMOVE') return [{ notify: { type: 'user_deleted', user_id: String(before?.['id']) } }];
  if (before === undefined || after === undefined) return [];
  if (before['name'] === after['name'] && before['email'] === after['email']) return [];
  return [{ notify: { type: 'user_changed', user_id: String(after['id']), version: Number(after['version']) } }];
}
