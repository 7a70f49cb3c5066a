import { allowedActions, type VmAction } from '../../../contracts/compute/vm-states.ts';
import { conflict } from '../../../contracts/errors.ts';
import type { VmRecord } from './vm.ts';

/** CONFLICT with what may be asked instead; a VM that went away meanwhile allows nothing. */
export function wrongState(action: VmAction | 'update', vm: Pick<VmRecord, 'status' | 'instance_id'>) {
  const { status } = vm;
  return conflict('vm.wrong_state', { params: { action, status }, data: { status, allowed: allowedActions(vm) } });
}
