import { vmStates } from '../../contracts/compute/vm-states.ts';
import { ApiError } from '../../contracts/errors.ts';
import { inParallel } from '../platform/in-parallel.ts';
import type { Table } from '../platform/table/types.ts';
import type { VmRecord } from './domain/vm.ts';
import { createVmStore } from './store/vm-store.ts';

const atOnce = 5;

/** A VM that moved on since it was read is for the next look. */
const unlessMoved = (error: unknown) => {
  if (error instanceof ApiError && error.code === 'CONFLICT') return undefined;
  throw error;
};

/**
 * Asks for the deletion of each VM of a workspace that allows it now; busy ones are for the next look. Answers how many VMs there are, and
 * which were asked for.
 */
export const askVmDeletion = (table: Table) => async (workspaceId: string, now: Date) => {
  const vms = createVmStore(table);
  const all = await vms.list(workspaceId);
  const deletable = all.filter(({ status }) => vmStates[status].actions.delete !== undefined);
  const asked = await inParallel(atOnce, deletable, async (vm) => {
    const write = vms.act(vm, 'delete', now, { version: vm.version });
    return table.transact([write]).then(() => toAsked(vm), unlessMoved);
  });
  return { left: all.length, asked: asked.filter((one) => one !== undefined) };
};

const toAsked = ({ id, name, status_reason }: VmRecord) => ({ id, name, reason: status_reason });
