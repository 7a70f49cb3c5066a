import { statesAllowing, type VmAction } from '../../../contracts/compute/vm-states.ts';
import { conflict } from '../../../contracts/errors.ts';
import { absent, all, equals } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import { timerWrite } from '../../platform/timers/timer-item.ts';
import { timerFor } from '../domain/expiry.ts';
import { withObservation } from '../domain/observation.ts';
import { isForgotten, type VmRecord } from '../domain/vm.ts';
import { wrongState } from '../domain/wrong-state.ts';
import type { VmStore } from '../ports.ts';
import { isObservation, observationKey, toObservation } from './observation-item.ts';
import { registration } from './registry.ts';
import { allows, changeOf } from './vm-conditions.ts';
import { toVm, toVmItem } from './vm-item.ts';
import { deletedVmKey, deletedVmPrefix, vmKey, vmPrefix } from './vm-keys.ts';

/** Deleted VMs have no quota, so a list of them has an end of its own. */
const mostDeleted = 1_000;

function refusalOf(action: VmAction | 'update', version: number | undefined, old: Item | undefined) {
  if (old === undefined) return wrongState(action, { status: 'deleted', instance_id: null });
  const vm = toVm(old);
  if (version !== undefined && vm.version !== version)
    return conflict('version.stale', { data: { version: vm.version } });
  return wrongState(action, vm);
}

/** Where the action leads; the table has one such state an action. */
const nextOf = (action: VmAction) => {
  const [step] = statesAllowing(action);
  if (step === undefined) throw new Error(`cannot ${action} VM: the state table has no such action`);
  return step.next;
};

/** A thing and its copy of deleted ones are asked for at once: who reads what was deleted waits no longer. */
const keysOf = (workspaceIds: readonly string[], id: string) =>
  workspaceIds.flatMap((workspaceId) => [vmKey(workspaceId, id), deletedVmKey(workspaceId, id)]);

/** A deletion that commits between two of the reads may show both: then it is deleted. */
function toFound(items: readonly Item[], now: Date): VmRecord | undefined {
  const vms = items.filter((item) => !isObservation(item)).map(toVm);
  const vm = vms.find(({ deleted_at }) => deleted_at !== null) ?? vms[0];
  return vm === undefined || isForgotten(vm, now) ? undefined : vm;
}

export const createVmStore = (table: Table): VmStore => ({
  find: async (workspaceIds, id, now) => toFound(await table.getMany(keysOf(workspaceIds, id)), now),
  async findObserved(workspaceIds, id, now) {
    const items = await table.getMany([...keysOf(workspaceIds, id), ...workspaceIds.map(observationKey)]);
    const vm = toFound(items, now);
    if (vm === undefined || vm.deleted_at !== null) return vm;
    const { pk } = observationKey(vm.workspace_id);
    return withObservation(vm, toObservation(items.find((item) => item.pk === pk && isObservation(item))));
  },
  async list(workspaceId) {
    const items = await table.queryAll({ pk: key('WS', workspaceId), prefix: vmPrefix });
    const observation = toObservation(items.find(isObservation));
    return items.filter((item) => !isObservation(item)).map((item) => withObservation(toVm(item), observation));
  },
  async listDeleted(workspaceId, now) {
    const query = { pk: key('WS', workspaceId), prefix: deletedVmPrefix, descending: true, limit: mostDeleted };
    return (await table.queryAll(query)).map(toVm).filter((vm) => !isForgotten(vm, now));
  },
  insert: (vm) => ({
    put: toVmItem(vm),
    condition: absent,
    otherwise: () => new Error('cannot create VM: its id is taken'),
  }),
  act: (vm, action, now, { version, requestId } = {}) => ({
    update: vmKey(vm.workspace_id, vm.id),
    change: enterState(action, now, requestId),
    condition: version === undefined ? allows(action) : all(allows(action), equals('version', version)),
    otherwise: (old) => refusalOf(action, version, old),
    was: toVmItem(vm),
  }),
  update(before, changes, now) {
    const isVersion = equals('version', before.version);
    const resizes = changes.resize_to !== undefined;
    return {
      update: vmKey(before.workspace_id, before.id),
      change: changeOf({ ...changes, updated_at: now.toISOString() }),
      condition: resizes ? all(allows('resize'), isVersion) : isVersion,
      otherwise: (old) => refusalOf(resizes ? 'resize' : 'update', before.version, old),
      was: toVmItem(before),
    };
  },
  register: registration,
  timerWrites(before, after, now) {
    const timer = timerFor(before, after, now);
    return timer === undefined ? [] : [timerWrite(timer)];
  },
});

/** The next version is the one at which the workflow begins. */
function enterState(action: Exclude<VmAction, 'resize'>, now: Date, requestId: string | undefined) {
  const change = changeOf({
    status: nextOf(action),
    work: action,
    request_id: requestId ?? null,
    status_reason: null,
    // A deletion that fails leaves a failed create what it was.
    ...(action !== 'delete' && { given_up: false }),
    busy_since: now.toISOString(),
    updated_at: now.toISOString(),
  });
  return { ...change, text: change.text.replace('SET ', 'SET #run = #version + :one, ') };
}
