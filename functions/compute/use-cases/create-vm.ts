import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import { nameOf } from '../../../contracts/compute/vm.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { newVm, type VmRecord, viewOf } from '../domain/vm.ts';
import type { CredentialDirectory, Holdings, UserDataStore, VcpusOf, VmStore } from '../ports.ts';
import { assertFuture } from './assert-future.ts';
import { countVcpus } from './count-vcpus.ts';
import { workspaceOf } from './enter-workspace.ts';

type Create = (typeof computeRoutes)['vms.create'];
type Asked = InputOf<Create>['body'];

interface Uses {
  vms: VmStore;
  holdings: Holdings;
  credentials: CredentialDirectory;
  userData: UserDataStore;
  vcpusOf: VcpusOf;
}

/** What the request means by now; a repeat of one that was answered may mean nothing any more. */
async function choose({ credentials, vcpusOf }: Uses, asked: Asked, workspaceId: string, now: Date) {
  assertFuture(asked.expires_at, now);
  const [credential, vcpus] = await Promise.all([
    asked.credential_id === undefined
      ? credentials.onlyOf(workspaceId, asked.provider)
      : Promise.resolve({ id: asked.credential_id }),
    countVcpus(vcpusOf, asked),
  ]);
  return { credentialId: credential.id, vcpus };
}

/** User data is sealed to each of the VMs for itself, a call of KMS each: none of them opens another's. */
async function userDataWrites(
  { userData }: Uses,
  vms: readonly VmRecord[],
  text: string | undefined,
  { now }: Call,
): Promise<ReturnType<UserDataStore['insert']>[]> {
  if (text === undefined) return [];
  return Promise.all(vms.map(async (vm) => userData.insert(vm, await userData.seal(vm, text), now)));
}

/** All VMs, their shares of the quota and of the credential commit together, or none does; the workflows follow from the stream. */
export const createVm =
  (uses: Uses): UseCase<Create> =>
  async ({ body: asked }, call) => {
    const workspaceId = workspaceOf(asked.workspace_id, call);
    const { now } = call;
    // What is refused here may have been right when the request came first: time passes, a second credential is stored.
    const chosen = await choose(uses, asked, workspaceId, now).catch((refusal: unknown) => ({ refusal }));
    if ('refusal' in chosen) return call.answeredOr(chosen.refusal);
    const { credentialId, vcpus } = chosen;
    const { count = 1 } = asked;
    const { caller, requestId } = call;
    const shared = { workspaceId, credentialId, asked, vcpus, callerId: caller.userId, requestId, now };
    const vms = Array.from({ length: count }, (_, at) =>
      newVm({ ...shared, id: call.newId(), name: nameOf(asked.name, at, count) }),
    );
    const [first] = vms as [VmRecord, ...VmRecord[]];
    const writes = [
      ...vms.map((vm) => uses.vms.insert(vm)),
      uses.vms.register(first),
      ...vms.flatMap((vm) => uses.vms.timerWrites(undefined, vm, now)),
      ...(await userDataWrites(uses, vms, asked.user_data, call)),
      uses.holdings.countVms(workspaceId, { vms: count, vcpus: count * vcpus }),
      uses.holdings.countUse(workspaceId, credentialId, count, asked.provider),
    ];
    if (count === 1) return call.commit(writes, { data: viewOf(first), version: first.version });
    return call.commit(writes, { data: { vms: vms.map(viewOf) }, resourceId: first.id });
  };
