import type { Change, Effect } from '../platform/outbox/effect.ts';

/** A new row does not say yet who its user is (store/profile-store.ts). */
export function memberChanged({ event, after }: Change): Effect[] {
  if (event !== 'INSERT' || after === undefined) return [];
  const [workspaceId, userId] = [String(after['workspace_id']), String(after['user_id'])];
  return [{ notify: { type: 'member_added', workspace_id: workspaceId, user_id: userId } }];
}
