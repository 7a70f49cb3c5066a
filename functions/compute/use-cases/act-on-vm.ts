import type { VmAction } from '../../../contracts/compute/vm-states.ts';
import type { Answer, Call } from '../../platform/api/call.ts';
import type { VmStore } from '../ports.ts';
import { enterVm } from './get-vm.ts';

/** Puts the VM into the action's busy state, if the state table allows it at the moment of the write. */
export async function actOnVm(
  vms: VmStore,
  action: Exclude<VmAction, 'resize'>,
  id: string,
  call: Call,
): Promise<Answer<undefined>> {
  const vm = await enterVm(vms, id, call);
  call.expectVersion(vm.version);
  return call.commit([vms.act(vm, action, call.now, { version: call.ifMatch, requestId: call.requestId })], {
    resourceId: id,
  });
}
