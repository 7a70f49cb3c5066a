import { type VmStatus, vmStates, vmStatuses } from '../../contracts/compute/vm-states.ts';
import type { Change, Effect, Start } from '../platform/outbox/effect.ts';
import type { Item } from '../platform/table/types.ts';

const isStatus = (value: unknown): value is VmStatus => vmStatuses.some((status) => status === value);

const statusOf = (item: Item | undefined): VmStatus | undefined =>
  isStatus(item?.['status']) ? item['status'] : undefined;

/** A VM that is deleted leaves the table's VMs; nothing else takes one away but a wipe of the table, which is no event. */
const statusAfter = ({ before, after }: Change): VmStatus | undefined => {
  if (after !== undefined) return statusOf(after);
  return statusOf(before) === 'deleting' ? 'deleted' : undefined;
};

/** What follows from a change of a VM: its members are told of a new status, and a busy one gets its workflow. */
export function vmChanged(change: Change): Effect[] {
  const { before, after, at } = change;
  const item = after ?? before;
  const [previous, status] = [statusOf(before) ?? null, statusAfter(change)];
  if (item === undefined || status === undefined || status === previous) return [];
  const workspaceId = String(item['workspace_id']);
  const vmId = String(item['id']);
  const version = Number(item['version']) + (after === undefined ? 1 : 0);
  const changedAt = String(item['updated_at']);
  // The stream tells the time of a removal to the second, which may be before the change that came before it.
  const timestamp = after === undefined && at > changedAt ? at : changedAt;
  const effects: Effect[] = [
    {
      publish: {
        type: 'vm_status_changed',
        workspace_id: workspaceId,
        data: { vm_id: vmId, workspace_id: workspaceId, status, previous, timestamp },
        version,
      },
    },
  ];
  const start = workflowOf(status, { workspaceId, vmId, version });
  return start === undefined ? effects : [...effects, { start }];
}

/** The workflow of a VM that is in this state since this version. Its name is of the two alone, so it is started once. */
export function workflowOf(
  status: VmStatus,
  { workspaceId, vmId, version }: { workspaceId: string; vmId: string; version: number },
): Start | undefined {
  const { busy } = vmStates[status];
  if (busy === undefined) return undefined;
  const input = { workspace_id: workspaceId, vm_id: vmId, action: busy.work, version };
  return { machine: 'vm-lifecycle', name: `${vmId}-${version}`, input };
}
