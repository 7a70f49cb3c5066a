import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { newVm, viewOf } from '../domain/vm.ts';
import type { CredentialDirectory, Holdings, VmStore } from '../ports.ts';
import { workspaceOf } from './enter-workspace.ts';

interface Uses {
  vms: VmStore;
  holdings: Holdings;
  credentials: CredentialDirectory;
}

/** The VM, its share of the quota and of the credential commit together; the workflow follows from the stream. */
export const createVm =
  ({ vms, holdings, credentials }: Uses): UseCase<(typeof computeRoutes)['vms.create']> =>
  async ({ body: asked }, call) => {
    const workspaceId = workspaceOf(asked.workspace_id, call);
    if (asked.expires_at !== undefined && Date.parse(asked.expires_at) <= call.now.getTime()) {
      throw invalid([{ path: 'body.expires_at', message: 'must be in the future' }]);
    }
    const credentialId = asked.credential_id ?? (await credentials.onlyOf(workspaceId, asked.provider)).id;
    const vm = newVm({
      id: call.newId(),
      workspaceId,
      credentialId,
      asked,
      callerId: call.caller.userId,
      now: call.now,
    });
    const writes = [
      vms.insert(vm),
      holdings.countVm(workspaceId, 1),
      holdings.countUse(workspaceId, credentialId, 1, vm.provider),
    ];
    return call.commit(writes, { data: viewOf(vm), version: vm.version });
  };
