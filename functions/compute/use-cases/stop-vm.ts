import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { VmStore } from '../ports.ts';
import { actOnVm } from './act-on-vm.ts';

export const stopVm =
  ({ vms }: { vms: VmStore }): UseCase<(typeof computeRoutes)['vms.stop']> =>
  ({ params }, call) =>
    actOnVm(vms, 'stop', params.id, call);
