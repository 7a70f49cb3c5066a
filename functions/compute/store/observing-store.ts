import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { all } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { PlainWrite, Table } from '../../platform/table/types.ts';
import type { Correction } from '../domain/judge-vm.ts';
import type { Observation } from '../domain/observation.ts';
import { noMachine, type VmRecord } from '../domain/vm.ts';
import type { VmDetails } from '../ports.ts';
import { runOf } from './lifecycle-store.ts';
import { isObservation, observationKey, observationWrite, toObservation } from './observation-item.ts';
import { type Group, unregistration } from './registry.ts';
import { changeOf, isInRun, isOlderThan } from './vm-conditions.ts';
import { toEventItem } from './vm-event.ts';
import { toVm } from './vm-item.ts';
import { deletedVmKey, vmKey, vmPrefix } from './vm-keys.ts';

/** Ids come from tags, which the machine's owner may set to anything. */
const looksLikeOurs = /^[\w-]{1,64}$/;

/** What the reconciler reads and writes of a workspace. Where somebody else was there first, the next look sees what they made of it. */
export interface ObservingStore {
  /** The VMs as they are, without what the last look says of them, and the last look. One query. */
  read(workspaceId: string): Promise<{ vms: VmRecord[]; observation: Observation }>;
  /**
   * Corrects the record by what was seen at `seen` if the VM still is in the state and at the workflow that was read, and nothing has changed it
   * since it was seen; false otherwise. The row of the history, if there is one, goes in the same transaction.
   */
  correct(vm: VmRecord, correction: Correction, at: { seen: Date; now: Date }, event?: VmEvent): Promise<boolean>;
  /** Takes the machine off the record of a VM that is to have none; false where the VM has moved on. */
  giveUpMachine(vm: VmRecord, now: Date): Promise<boolean>;
  /** The VM's machines have been ended: notes that there is none, with the row of the history. False where the VM has moved on. */
  noteUndone(vm: VmRecord, now: Date, event: VmEvent): Promise<boolean>;
  /** Of these VMs those that were deleted within a day, and when: a unit each. */
  findDeleted(workspaceId: string, vmIds: readonly string[]): Promise<Map<string, string>>;
  /** False where a later look is noted already. With no groups the note goes. */
  note(workspaceId: string, groups: Observation, at: Date): Promise<boolean>;
  /** False where a VM was made there since the group was read. */
  unregister(group: Group): Promise<boolean>;
}

/** Of a VM that is at the workflow that was read. */
const changeWrite = (vm: VmRecord, details: VmDetails, now: Date): PlainWrite => ({
  update: vmKey(vm.workspace_id, vm.id),
  change: changeOf({ ...details, updated_at: now.toISOString() }),
  condition: isInRun(runOf(vm)),
  otherwise: refused,
});

export const createObservingStore = (table: Table): ObservingStore => ({
  async read(workspaceId) {
    const items = await table.queryAll({ pk: key('WS', workspaceId), prefix: vmPrefix });
    const vms = items.filter((item) => !isObservation(item)).map(toVm);
    return { vms, observation: toObservation(items.find(isObservation)) };
  },
  correct(vm, correction, { seen, now }, event) {
    const write: PlainWrite = {
      update: vmKey(vm.workspace_id, vm.id),
      change: changeOf({ ...correction, observed_at: seen.toISOString(), updated_at: now.toISOString() }),
      condition: all(isInRun(runOf(vm)), isOlderThan(seen)),
      otherwise: refused,
    };
    if (event === undefined) return unlessRefused(table.write(write));
    return unlessRefused(table.transact([write, { put: toEventItem(vm, event) }]));
  },
  giveUpMachine: (vm, now) => unlessRefused(table.write(changeWrite(vm, { ...noMachine, launch: 'sent' }, now))),
  noteUndone: (vm, now, event) =>
    unlessRefused(
      table.transact([changeWrite(vm, { launch: noMachine.launch }, now), { put: toEventItem(vm, event) }]),
    ),
  async findDeleted(workspaceId, vmIds) {
    const ours = vmIds.filter((id) => looksLikeOurs.test(id));
    const items = await table.getMany(ours.map((id) => deletedVmKey(workspaceId, id)));
    return new Map(items.map(toVm).map(({ id, deleted_at }) => [id, deleted_at ?? '']));
  },
  note(workspaceId, groups, at) {
    const write = observationWrite(workspaceId, groups, at);
    if (Object.keys(groups).length > 0) return unlessRefused(table.write(write));
    const { condition, otherwise } = write;
    if (condition === undefined) return Promise.resolve(false);
    return unlessRefused(table.write({ delete: observationKey(workspaceId), condition, otherwise }));
  },
  unregister: (group) => unlessRefused(table.write(unregistration(group))),
});
