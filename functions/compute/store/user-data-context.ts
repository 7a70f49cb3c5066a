import type { VmContext } from '../../platform/crypto/context.ts';
import type { VmRecord } from '../domain/vm.ts';

/** What user data is sealed to: of another VM it does not open. */
export const userDataContext = ({ workspace_id, id }: Pick<VmRecord, 'workspace_id' | 'id'>): VmContext => ({
  workspace_id,
  vm_id: id,
});
