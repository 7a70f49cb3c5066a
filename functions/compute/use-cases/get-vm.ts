import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import { notFound } from '../../../contracts/errors.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { type VmRecord, viewOf } from '../domain/vm.ts';
import type { VmStore } from '../ports.ts';

/** A VM of a workspace that the caller is in, and entered: another's can't even be read. */
export const enterVm = (vms: VmStore, id: string, call: Call): Promise<VmRecord> => enterFound(vms.find, id, call);

async function enterFound(find: VmStore['find'], id: string, call: Call): Promise<VmRecord> {
  const vm = await find(call.workspaces(), id, call.now);
  if (vm === undefined) throw notFound();
  call.enter(vm.workspace_id);
  return vm;
}

export const getVm =
  ({ vms }: { vms: VmStore }): UseCase<(typeof computeRoutes)['vms.get']> =>
  async ({ params }, call) => {
    const vm = await enterFound(vms.findObserved, params.id, call);
    return { data: viewOf(vm), version: vm.version };
  };
