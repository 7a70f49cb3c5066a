import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { newVm, viewOf } from '../domain/vm.ts';
import type { CredentialDirectory, Holdings, VmStore } from '../ports.ts';
import { workspaceOf } from './enter-workspace.ts';

type Create = (typeof computeRoutes)['vms.create'];
type Asked = InputOf<Create>['body'];

interface Uses {
  vms: VmStore;
  holdings: Holdings;
  credentials: CredentialDirectory;
}

async function chooseCredential(
  credentials: CredentialDirectory,
  { credential_id: named, provider, expires_at }: Asked,
  workspaceId: string,
  now: Date,
): Promise<{ id: string }> {
  if (expires_at !== undefined && Date.parse(expires_at) <= now.getTime()) {
    throw invalid([{ path: 'body.expires_at', message: 'must be in the future' }]);
  }
  return named === undefined ? credentials.onlyOf(workspaceId, provider) : { id: named };
}

/** The VM, its share of the quota and of the credential commit together; the workflow follows from the stream. */
export const createVm =
  ({ vms, holdings, credentials }: Uses): UseCase<Create> =>
  async ({ body: asked }, call) => {
    const workspaceId = workspaceOf(asked.workspace_id, call);
    // What is refused here may have been right when the request came first: time passes, a second credential is stored.
    const chosen = await chooseCredential(credentials, asked, workspaceId, call.now).catch((refusal: unknown) => ({
      refusal,
    }));
    if ('refusal' in chosen) return call.answeredOr(chosen.refusal);
    const credentialId = chosen.id;
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
      vms.register(vm),
      ...vms.timerWrites(undefined, vm, call.now),
      holdings.countVm(workspaceId, 1),
      holdings.countUse(workspaceId, credentialId, 1, vm.provider),
    ];
    return call.commit(writes, { data: viewOf(vm), version: vm.version });
  };
