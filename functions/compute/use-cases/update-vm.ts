import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import { allowedActions } from '../../../contracts/compute/vm-states.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { changeVm } from '../domain/change-vm.ts';
import { heldVcpus, resized, typeToShow } from '../domain/resize.ts';
import { type VmRecord, viewOf } from '../domain/vm.ts';
import { wrongState } from '../domain/wrong-state.ts';
import type { Holdings, VcpusOf, VmStore } from '../ports.ts';
import { assertFuture } from './assert-future.ts';
import { countVcpus } from './count-vcpus.ts';
import { enterVm } from './get-vm.ts';

interface Uses {
  vms: VmStore;
  holdings: Holdings;
  vcpusOf: VcpusOf;
}

async function resizeVm(vcpusOf: VcpusOf, vm: VmRecord, instanceType: string | undefined): Promise<VmRecord> {
  if (instanceType === undefined || instanceType === typeToShow(vm)) return vm;
  if (!allowedActions(vm).includes('resize')) throw wrongState('resize', vm);
  return resized(vm, instanceType, await countVcpus(vcpusOf, { ...vm, instance_type: instanceType }));
}

/** Another type moves the quota now, and the machine at its next start; name and tags are told to the provider by a workflow. */
export const updateVm =
  ({ vms, holdings, vcpusOf }: Uses): UseCase<(typeof computeRoutes)['vms.update']> =>
  async ({ params, body }, call) => {
    const before = await enterVm(vms, params.id, call);
    call.expectVersion(before.version);
    assertFuture(body.expires_at, call.now);
    if (before.status === 'deleted') throw wrongState('update', before);
    const { instance_type: instanceType, ...change } = body;
    const after = await resizeVm(vcpusOf, changeVm(before, change), instanceType);
    const changes = changesBetween(before, withCall(before, after, call));
    if (Object.keys(changes).length === 0) return call.commit([], { data: viewOf(before), version: before.version });
    const version = before.version + 1;
    const answer = viewOf({ ...after, version, updated_at: call.now.toISOString() });
    const more = heldVcpus(after) - heldVcpus(before);
    const writes = [
      vms.update(before, changes, call.now),
      ...(more === 0 ? [] : [holdings.countVms(before.workspace_id, { vcpus: more })]),
      ...vms.timerWrites(before, after, call.now),
    ];
    return call.commit(writes, { data: answer, version });
  };

/** New tags begin a workflow: it is this call's. */
const withCall = (before: VmRecord, after: VmRecord, { requestId }: Call): VmRecord =>
  before.tags_version === after.tags_version ? after : { ...after, request_id: requestId };

const changeable = ['name', 'tags', 'tags_version', 'tags_gone', 'expires_at', 'resize_to', 'request_id'] as const;

const changesBetween = (before: VmRecord, after: VmRecord): Partial<Pick<VmRecord, (typeof changeable)[number]>> =>
  Object.fromEntries(
    changeable.filter((field) => before[field] !== after[field]).map((field) => [field, after[field]]),
  );
