import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { VmStore } from '../ports.ts';
import { actOnVm } from './act-on-vm.ts';

export const restartVm =
  ({ vms }: { vms: VmStore }): UseCase<(typeof computeRoutes)['vms.restart']> =>
  ({ params }, call) =>
    actOnVm(vms, 'restart', params.id, call);
