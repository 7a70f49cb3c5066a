import type { VmStatus } from '../../contracts/compute/vm-states.ts';
import type { NotificationDue } from '../../contracts/internal-events.ts';
import type { Item } from '../platform/table/types.ts';

/** What people are told of a VM that enters a state: its creator, while it is a member, and the owners of the workspace. */
export function noticeOf(status: VmStatus, item: Item): NotificationDue | undefined {
  const workspaceId = String(item['workspace_id']);
  const shared = {
    type: 'notification_due',
    user_ids: [String(item['created_by'])],
    workspace_id: workspaceId,
    link: `/vms/${String(item['id'])}`,
  } as const;
  const vm = String(item['name']);
  switch (status) {
    case 'running':
      return { ...shared, kind: 'vm_running', params: { vm } };
    case 'error':
      return { ...shared, kind: 'vm_error', params: { vm, reason: String(item['status_reason'] ?? 'INTERNAL_ERROR') } };
    case 'deleted':
      return { ...shared, kind: 'vm_deleted', params: { vm }, link: `/workspaces/${workspaceId}` };
    default:
      return undefined;
  }
}
