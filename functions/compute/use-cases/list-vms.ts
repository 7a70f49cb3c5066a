import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import { type VmRecord, viewOf } from '../domain/vm.ts';
import type { VmStore } from '../ports.ts';

type Route = (typeof computeRoutes)['vms.list'];
type Filters = InputOf<Route>['query'];

const isOneOf = <Value extends string>(wanted: readonly Value[] | undefined, value: Value) =>
  wanted === undefined || wanted.includes(value);

const holds = (text: string | null, part: string) => text?.toLowerCase().includes(part) === true;

/** `key`, or `key=value`. A key may hold `=`, so whole texts are compared. */
const hasTag = (vm: VmRecord, wanted: string) =>
  Object.entries(vm.tags).some(([key, value]) => wanted === key || wanted === `${key}=${value}`);

function fits(vm: VmRecord, { provider, status, region, q = '', tag = [] }: Filters): boolean {
  const part = q.toLowerCase();
  return (
    isOneOf(provider, vm.provider) &&
    isOneOf(status, vm.status) &&
    isOneOf(region, vm.region) &&
    [vm.name, vm.instance_id, vm.public_ip, vm.private_ip].some((text) => holds(text, part)) &&
    tag.every((wanted) => hasTag(vm, wanted))
  );
}

/** Workspaces are read side by side; deleted VMs only when they are asked for. */
export const listVms =
  ({ vms }: { vms: VmStore }): UseCase<Route> =>
  async ({ query }, call) => {
    const workspaceIds = query.workspace_id === undefined ? call.workspaces() : [query.workspace_id];
    const wantsDeleted = query.status?.includes('deleted') === true;
    const wantsOthers = query.status === undefined || query.status.some((status) => status !== 'deleted');
    const lists = await Promise.all(
      workspaceIds.flatMap((id) => [
        ...(wantsOthers ? [vms.list(id)] : []),
        ...(wantsDeleted ? [vms.listDeleted(id, call.now)] : []),
      ]),
    );
    const { page, pagination } = pageOf(
      lists.flat().filter((vm) => fits(vm, query)),
      query,
    );
    return { data: { vms: page.map(viewOf), pagination } };
  };
