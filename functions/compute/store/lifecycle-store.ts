import { all } from '../../platform/table/fragment.ts';
import type { PlainWrite, Table } from '../../platform/table/types.ts';
import { isIn, type Run, type VmRecord } from '../domain/vm.ts';
import type { Holdings, LifecycleStore } from '../ports.ts';
import { changeOf, isInRun, isWanted } from './vm-conditions.ts';
import { toEventItem } from './vm-event.ts';
import { toDeletedVmItem, toVm, toVmItem } from './vm-item.ts';
import { vmKey } from './vm-keys.ts';

class MovedOn extends Error {}

/** False where the VM is not, or no longer, where the workflow left it. */
async function unlessMovedOn(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof MovedOn) return false;
    throw error;
  }
}

const guarded = (run: Run) => ({ condition: isInRun(run), otherwise: () => new MovedOn() });

/** As the condition of `isInRun` has it, so that a late step costs no more than a read. */
export const runOf = (vm: VmRecord): Run => ({
  workspaceId: vm.workspace_id,
  vmId: vm.id,
  status: vm.status,
  version: vm.run,
});

export const createLifecycleStore = (table: Table, holdings: Holdings): LifecycleStore => ({
  async load(run) {
    const item = await table.get(vmKey(run.workspaceId, run.vmId));
    const vm = item === undefined ? undefined : toVm(item);
    return isIn(vm, run) ? vm : undefined;
  },
  note: (run, details, now) =>
    unlessMovedOn(table.write(changeWrite(run, { ...details, updated_at: now.toISOString() }))),
  noteLaunch: (run, details, now) =>
    unlessMovedOn(table.write(unlessGivenUp(run, changeWrite(run, { ...details, updated_at: now.toISOString() })))),
  settle(run, { status, reason, details }, event, now) {
    const rest = { status, status_reason: reason, busy_since: null, updated_at: now.toISOString() };
    const change = changeWrite(run, { ...details, ...rest });
    const end = status === 'error' ? change : unlessGivenUp(run, change);
    return unlessMovedOn(table.transact([end, { put: toEventItem(run.vmId, event) }]));
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
    return unlessMovedOn(
      table.transact([
        { delete: vmKey(vm.workspace_id, vm.id), ...guarded(runOf(vm)), was: toVmItem(vm) },
        { put: toDeletedVmItem(deleted, now) },
        holdings.countVm(vm.workspace_id, -1),
        holdings.countUse(vm.workspace_id, vm.credential_id, -1, vm.provider),
        { put: toEventItem(vm.id, event) },
      ]),
    );
  },
  async addEvent(vmId, event) {
    await table.write({ put: toEventItem(vmId, event) });
  },
});

const unlessGivenUp = (run: Run, write: PlainWrite): PlainWrite => ({
  ...write,
  ...guarded(run),
  condition: all(isInRun(run), isWanted),
});

const changeWrite = (run: Run, attributes: Readonly<Record<string, unknown>>): PlainWrite => ({
  update: vmKey(run.workspaceId, run.vmId),
  change: changeOf(attributes),
  ...guarded(run),
});
