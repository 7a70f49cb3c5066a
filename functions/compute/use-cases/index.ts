import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { CredentialDirectory, Holdings, VmStore } from '../ports.ts';
import { createVm } from './create-vm.ts';
import { deleteVm } from './delete-vm.ts';
import { getVm } from './get-vm.ts';
import { listVms } from './list-vms.ts';
import { startVm } from './start-vm.ts';
import { stopVm } from './stop-vm.ts';

interface Uses {
  vms: VmStore;
  holdings: Holdings;
  credentials: CredentialDirectory;
}

export const computeUseCases = (uses: Uses): UseCases<typeof computeRoutes> => ({
  'vms.create': createVm(uses),
  'vms.list': listVms(uses),
  'vms.get': getVm(uses),
  'vms.delete': deleteVm(uses),
  'vms.start': startVm(uses),
  'vms.stop': stopVm(uses),
});
