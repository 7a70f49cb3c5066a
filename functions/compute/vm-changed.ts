import type { VmTask } from '../../contracts/compute/vm-event.ts';
import { type VmStatus, type VmWork, vmStates, vmStatuses, workIn } from '../../contracts/compute/vm-states.ts';
import type { Change, Effect, Publish, Start } from '../platform/outbox/effect.ts';
import type { Item } from '../platform/table/types.ts';
import type { VmRecord } from './domain/vm.ts';
import { noticeOf } from './vm-notice.ts';

/** By then a telling of tags has been started, and is over or tried again. */
const toldWithinMs = 3 * 60_000;
const dayMs = 24 * 3_600_000;

const isStatus = (value: unknown): value is VmStatus => vmStatuses.some((status) => status === value);

const statusOf = (item: Item | undefined): VmStatus | undefined =>
  isStatus(item?.['status']) ? item['status'] : undefined;

/** A VM that is deleted leaves the table's VMs; nothing else takes one away but a wipe of the table, which is no event. */
const statusAfter = ({ before, after }: Change): VmStatus | undefined => {
  if (after !== undefined) return statusOf(after);
  return statusOf(before) === 'deleting' ? 'deleted' : undefined;
};

/** What follows from a change of a VM: its members are told of a new status, a busy one gets its workflow, and the provider is told of new tags. */
export function vmChanged(change: Change): Effect[] {
  const { before, after } = change;
  const item = after ?? before;
  const [previous, status] = [statusOf(before) ?? null, statusAfter(change)];
  if (item === undefined || status === undefined) return [];
  const enters = status !== previous;
  const start = enters
    ? (workflowOf({ ...startedBy(item), status, work: item['work'] as VmWork | undefined }, versionOf(change, item)) ??
      tagsToTell(item, status))
    : item['tags_version'] !== before?.['tags_version'] && tagsToTell(item, status);
  const notice = enters ? noticeOf(status, item) : undefined;
  return [
    ...(enters ? [{ publish: statusChanged(change, item, { status, previous }) }] : []),
    ...(notice === undefined ? [] : [{ notify: notice }]),
    ...(start ? [{ start }] : []),
  ];
}

const idsOf = (item: Item) => ({ workspace_id: String(item['workspace_id']), id: String(item['id']) });

const versionOf = ({ after }: Change, item: Item): number => Number(item['version']) + (after === undefined ? 1 : 0);

function statusChanged(
  change: Change,
  item: Item,
  { status, previous }: { status: VmStatus; previous: VmStatus | null },
): Publish {
  const { after, at } = change;
  const { workspace_id, id } = idsOf(item);
  const changedAt = String(item['updated_at']);
  // The stream tells the time of a removal to the second, which may be before the change that came before it.
  const timestamp = after === undefined && at > changedAt ? at : changedAt;
  return {
    type: 'vm_status_changed',
    workspace_id,
    data: { vm_id: id, workspace_id, status, previous, timestamp },
    version: versionOf(change, item),
  };
}

const startedBy = (item: Item) => ({ ...idsOf(item), request_id: (item['request_id'] as string | undefined) ?? null });

type Started = Pick<VmRecord, 'workspace_id' | 'id' | 'request_id'>;
type Busy = Started & Pick<VmRecord, 'status'> & { work?: VmWork | undefined };

const startOf = ({ workspace_id, id, request_id }: Started, name: string, action: VmTask, version: number): Start => ({
  machine: 'vm-lifecycle',
  name: `${id}-${name}`,
  input: { workspace_id, vm_id: id, action, version, ...(request_id !== null && { request_id }) },
});

/** The workflow of a VM that entered a busy state at this version. Its name is of the two alone, so it is started once. */
export function workflowOf(vm: Busy, version: number): Start | undefined {
  const work = workIn(vm.status, vm.work);
  return work && startOf(vm, String(version), work, version);
}

/**
 * The same for a VM whose telling failed and that stays at rest: each hour, after a day each day, and under another name, since an execution's is used
 * up. It is due when nothing was written of the VM for as long as the relay and an execution may take.
 */
export function tagsToTellAgain(vm: VmRecord, now: Date): Start | undefined {
  const isDue = vm.tags_told < vm.tags_version && vm.instance_id !== null && vmStates[vm.status].busy === undefined;
  const age = now.getTime() - Date.parse(vm.updated_at);
  if (!isDue || age < toldWithinMs) return undefined;
  const when = now.toISOString().slice(0, age < dayMs ? '2026-02-01T00'.length : '2026-02-01'.length);
  return startOf(vm, `${vm.tags_version}-tag-${when}`, 'tag', vm.tags_version);
}

/** A VM at rest, whose machine does not have its name and tags yet. Told anew whenever it comes to rest, until the provider has taken them. */
function tagsToTell(item: Item, status: VmStatus): Start | undefined {
  const { tags_version: changed = 1, tags_told: told = 1, instance_id: instanceId, version } = item;
  const isDue = Number(told) < Number(changed) && instanceId !== undefined && status !== 'deleted';
  if (!isDue || vmStates[status].busy !== undefined) return undefined;
  return startOf(startedBy(item), `${version}-tag`, 'tag', Number(changed));
}
