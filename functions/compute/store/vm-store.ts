import { allowedActions, statesAllowing, type VmAction } from '../../../contracts/compute/vm-states.ts';
import { conflict } from '../../../contracts/errors.ts';
import { absent, all, equals } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import { timerFor } from '../domain/expiry.ts';
import { withObservation } from '../domain/observation.ts';
import { isForgotten, type VmRecord } from '../domain/vm.ts';
import type { VmStore } from '../ports.ts';
import { isObservation, observationKey, toObservation } from './observation-item.ts';
import { registration } from './registry.ts';
import { timerWrite } from './timer-item.ts';
import { allows, changeOf } from './vm-conditions.ts';
import { toVm, toVmItem } from './vm-item.ts';
import { deletedVmKey, deletedVmPrefix, vmKey, vmPrefix } from './vm-keys.ts';

/** Deleted VMs have no quota, so a list of them has an end of its own. */
const mostDeleted = 1_000;

/** CONFLICT with what may be asked instead; a VM that went away meanwhile allows nothing. */
export function wrongState(action: VmAction, vm: Pick<VmRecord, 'status' | 'instance_id'>) {
  const { status } = vm;
  return conflict('vm.wrong_state', { params: { action, status }, data: { status, allowed: allowedActions(vm) } });
}

function refusalOf(action: VmAction, version: number | undefined, old: Item | undefined) {
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

export function createVmStore(table: Table): VmStore {
  async function findDeleted(workspaceIds: readonly string[], id: string, now: Date): Promise<VmRecord | undefined> {
    const [deleted] = await table.getMany(workspaceIds.map((workspaceId) => deletedVmKey(workspaceId, id)));
    if (deleted === undefined) return undefined;
    const vm = toVm(deleted);
    return isForgotten(vm, now) ? undefined : vm;
  }

  return {
    async find(workspaceIds, id, now) {
      const [item] = await table.getMany(workspaceIds.map((workspaceId) => vmKey(workspaceId, id)));
      return item === undefined ? findDeleted(workspaceIds, id, now) : toVm(item);
    },
    async findObserved(workspaceIds, id, now) {
      const items = await table.getMany([
        ...workspaceIds.map((workspaceId) => vmKey(workspaceId, id)),
        ...workspaceIds.map(observationKey),
      ]);
      const item = items.find((one) => !isObservation(one));
      if (item === undefined) return findDeleted(workspaceIds, id, now);
      return withObservation(toVm(item), toObservation(items.find(({ pk, sk }) => pk === item.pk && sk !== item.sk)));
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
    act: (vm, action, now, version) => ({
      update: vmKey(vm.workspace_id, vm.id),
      change: enterState(action, now),
      condition: version === undefined ? allows(action) : all(allows(action), equals('version', version)),
      otherwise: (old) => refusalOf(action, version, old),
      was: toVmItem(vm),
    }),
    register: registration,
    timerWrites(before, after, now) {
      const timer = timerFor(before, after, now);
      return timer === undefined ? [] : [timerWrite(timer)];
    },
  };
}

/** The next version is the one at which the workflow begins. */
function enterState(action: VmAction, now: Date) {
  const change = changeOf({
    status: nextOf(action),
    status_reason: null,
    given_up: false,
    busy_since: now.toISOString(),
    updated_at: now.toISOString(),
  });
  return { ...change, text: change.text.replace('SET ', 'SET #run = #version + :one, ') };
}
