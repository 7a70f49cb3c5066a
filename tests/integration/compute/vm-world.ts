import type { VmStatus } from '../../../contracts/compute/vm-states.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createComputeHttp, storeCredential, vmBody } from './compute-api.ts';

/** A workspace with a credential, its owner, and the API of VMs. */
export interface VmWorld {
  tenancy: Tenancy;
  http: Http;
  owner: Resident;
  workspaceId: string;
  credentialId: string;
  /** By the owner, below `/vms`. */
  call(method: string, path?: string, body?: object, headers?: Record<string, string>): Promise<HttpAnswer>;
  create(body?: object, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** The id of one that is in this state, which only its workflow would put it in. */
  place(status: VmStatus, body?: object): Promise<string>;
  item(vmId: string): Promise<Item>;
  quota(): Promise<Item | undefined>;
  setQuotas(quotas: object): Promise<void>;
}

export async function makeVmWorld(backend: Backend): Promise<VmWorld> {
  const tenancy = createTenancy(backend);
  const http = createComputeHttp(tenancy, { backend });
  const owner = await tenancy.settle();
  const workspaceId = await tenancy.found(owner);
  const credentialId = await storeCredential(tenancy, owner, workspaceId);
  const rows = () => tenancy.rowsOf(workspaceId);
  const call: VmWorld['call'] = (method, path = '', body, headers = {}) =>
    http(method, `/vms${path}`, { token: owner.token, body, headers });
  const create: VmWorld['create'] = (body, headers) =>
    call('POST', '', { workspace_id: workspaceId, credential_id: credentialId, ...vmBody, ...body }, headers);
  async function item(vmId: string): Promise<Item> {
    const found = (await rows()).find(({ sk }) => sk === `VM#${vmId}`);
    if (found === undefined) throw new Error('there is no such VM');
    return found;
  }
  return {
    tenancy,
    http,
    owner,
    workspaceId,
    credentialId,
    call,
    create,
    async place(status, body) {
      const answer = await create(body);
      if (answer.status !== 201) throw new Error(`cannot create a VM: ${JSON.stringify(answer.body)}`);
      const { id } = answer.body.data;
      await tenancy.table.write({ put: { ...(await item(id)), status, instance_id: 'i-1' } });
      return id;
    },
    item,
    quota: async () => (await rows()).find(({ sk }) => sk === 'QUOTA'),
    async setQuotas(body) {
      const admin = await tenancy.settle('admin');
      const { status } = await tenancy.http('PUT', `/workspaces/${workspaceId}/quotas`, { token: admin.token, body });
      if (status !== 200) throw new Error('cannot set quotas');
    },
  };
}
