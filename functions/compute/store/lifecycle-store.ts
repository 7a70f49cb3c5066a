import { all, equals } from '../../platform/table/fragment.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Fragment, PlainWrite, Table, Write } from '../../platform/table/types.ts';
import { heldVcpus, resizeDone } from '../domain/resize.ts';
import { isIn, type Run, type VmRecord } from '../domain/vm.ts';
import type { Holdings, LifecycleStore } from '../ports.ts';
import { changeOf, isInRun, isWanted } from './vm-conditions.ts';
import { toEventItem } from './vm-event.ts';
import { toDeletedVmItem, toVm, toVmItem } from './vm-item.ts';
import { userDataKey, vmKey } from './vm-keys.ts';

const guarded = (run: Run) => ({ condition: isInRun(run), otherwise: refused });

/** As the condition of `isInRun` has it, so that a late step costs no more than a read. */
export const runOf = (vm: VmRecord): Run => ({
  workspaceId: vm.workspace_id,
  vmId: vm.id,
  status: vm.status,
  version: vm.run,
});

export const createLifecycleStore = (table: Table, holdings: Holdings): LifecycleStore => {
  async function find(workspaceId: string, vmId: string): Promise<VmRecord | undefined> {
    const item = await table.get(vmKey(workspaceId, vmId));
    return item && toVm(item);
  }
  return {
    find,
    async load(run) {
      const vm = await find(run.workspaceId, run.vmId);
      return isIn(vm, run) ? vm : undefined;
    },
    note: (run, details, now) =>
      unlessRefused(table.write(changeWrite(run, { ...details, updated_at: now.toISOString() }))),
    noteLaunch: (run, details, now) =>
      unlessRefused(table.write(unlessGivenUp(run, changeWrite(run, { ...details, updated_at: now.toISOString() })))),
    noteTold: ({ workspace_id, id, tags_version }, now) =>
      unlessRefused(
        table.write({
          update: vmKey(workspace_id, id),
          change: changeOf({ tags_told: tags_version, tags_gone: null, updated_at: now.toISOString() }),
          condition: equals('tags_version', tags_version),
          otherwise: refused,
        }),
      ),
    settle(vm, { status, reason, details }, event, now) {
      const run = runOf(vm);
      const rest = { status, status_reason: reason, busy_since: null, updated_at: now.toISOString() };
      const change = changeWrite(run, { ...details, ...rest, ...(vm.has_user_data && { has_user_data: null }) });
      const end = status === 'error' ? change : unlessGivenUp(run, change);
      return unlessRefused(table.transact([end, { put: toEventItem(vm, event) }, ...dropUserData(vm)]));
    },
    endResize(vm, end, now, details = {}) {
      const after = end === 'done' ? resizeDone(vm) : { resize_to: null };
      const release = heldVcpus({ ...vm, ...after }) - heldVcpus(vm);
      const change = changeWrite(runOf(vm), { ...details, ...after, updated_at: now.toISOString() });
      return unlessRefused(
        table.transact([
          // Two tries that overlap both find it asked for: what was held for it is given back once.
          onlyIf(equals('resize_to', vm.resize_to), runOf(vm), change),
          ...(release === 0 ? [] : [holdings.countVms(vm.workspace_id, { vcpus: release })]),
        ]),
      );
    },
    remove(vm, event, now) {
      const at = now.toISOString();
      const deleted: VmRecord = {
        ...vm,
        status: 'deleted',
        status_reason: null,
        busy_since: null,
        version: vm.version + 1,
        updated_at: at,
        deleted_at: at,
      };
      return unlessRefused(
        table.transact([
          { delete: vmKey(vm.workspace_id, vm.id), ...guarded(runOf(vm)), was: toVmItem(vm) },
          { put: toDeletedVmItem(deleted, now) },
          holdings.countVms(vm.workspace_id, { vms: -1, vcpus: -heldVcpus(vm) }),
          holdings.countUse(vm.workspace_id, vm.credential_id, -1, vm.provider),
          { put: toEventItem(vm, event) },
          ...dropUserData(vm),
        ]),
      );
    },
    async addEvent({ workspaceId, vmId }, event) {
      await table.write({ put: toEventItem({ workspace_id: workspaceId, id: vmId }, event) });
    },
  };
};

/** Once the machine has been launched, or never will be, nobody needs it. */
const dropUserData = ({ id, has_user_data }: VmRecord): Write[] => (has_user_data ? [{ delete: userDataKey(id) }] : []);

const onlyIf = (condition: Fragment, run: Run, write: PlainWrite): PlainWrite => ({
  ...write,
  ...guarded(run),
  condition: all(isInRun(run), condition),
});

const unlessGivenUp = (run: Run, write: PlainWrite): PlainWrite => onlyIf(isWanted, run, write);

const changeWrite = (run: Run, attributes: Readonly<Record<string, unknown>>): PlainWrite => ({
  update: vmKey(run.workspaceId, run.vmId),
  change: changeOf(attributes),
  ...guarded(run),
});
