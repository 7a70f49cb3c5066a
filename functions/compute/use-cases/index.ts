import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { CredentialDirectory, HistoryStore, Holdings, UserDataStore, VcpusOf, VmStore } from '../ports.ts';
import { createVm } from './create-vm.ts';
import { deleteVm } from './delete-vm.ts';
import { getVm } from './get-vm.ts';
import { listVmEvents } from './list-vm-events.ts';
import { listVms } from './list-vms.ts';
import { restartVm } from './restart-vm.ts';
import { startVm } from './start-vm.ts';
import { stopVm } from './stop-vm.ts';
import { updateVm } from './update-vm.ts';

interface Uses {
  vms: VmStore;
  holdings: Holdings;
  credentials: CredentialDirectory;
  history: HistoryStore;
  userData: UserDataStore;
  vcpusOf: VcpusOf;
}

export const computeUseCases = (uses: Uses): UseCases<typeof computeRoutes> => ({
  'vms.create': createVm(uses),
  'vms.list': listVms(uses),
  'vms.get': getVm(uses),
  'vms.update': updateVm(uses),
  'vms.delete': deleteVm(uses),
  'vms.events': listVmEvents(uses),
  'vms.restart': restartVm(uses),
  'vms.start': startVm(uses),
  'vms.stop': stopVm(uses),
});
