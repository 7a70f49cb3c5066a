import type { NotificationDue } from '../../contracts/internal-events.ts';
import type { Change, Effect } from '../platform/outbox/effect.ts';
import type { Item } from '../platform/table/types.ts';

/** The member is told, and the owners. Ids stand for names, which are looked up then: a new row does not say yet who its user is (store/profile-store.ts). */
const due = (kind: 'member_added' | 'member_removed', row: Item): NotificationDue => {
  const [workspaceId, userId] = [String(row['workspace_id']), String(row['user_id'])];
  const params = { user: userId, workspace: workspaceId, role: String(row['role']) };
  return {
    type: 'notification_due',
    kind,
    user_ids: [userId],
    workspace_id: workspaceId,
    params,
    link: `/workspaces/${workspaceId}`,
  };
};

/** Who makes a workspace need not be told to be in it. */
export function memberChanged({ event, before, after }: Change): Effect[] {
  if (event === 'REMOVE' && before !== undefined) return [{ notify: due('member_removed', before) }];
  if (event !== 'INSERT' || after === undefined) return [];
  const [workspaceId, userId] = [String(after['workspace_id']), String(after['user_id'])];
  const added: Effect = { notify: { type: 'member_added', workspace_id: workspaceId, user_id: userId } };
  return after['founder'] === true ? [added] : [added, { notify: due('member_added', after) }];
}
