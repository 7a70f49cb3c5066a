import type { Http } from '../../support/http-client.ts';
import { makeWorkspace, type Person, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import type { CostWorld } from './operations.ts';

const idOf = ({ status, body }: { status: number; body: { data: { id: string } } }) => {
  if (status !== 201) throw new Error(`cannot set the costs' world up: ${status} ${JSON.stringify(body)}`);
  return body.data.id;
};

/** People, a workspace, a credential and a VM that runs: what the operations are measured on. */
export async function makeCostWorld(http: Http, admin: Person): Promise<CostWorld> {
  const [owner, other] = await Promise.all([register(http, 'owner'), register(http, 'other')]);
  const { token } = owner;
  const workspaceId = await makeWorkspace(http, owner);
  const data = {
    access_key: 'AKIACOSTS00000000000',
    secret_key: 'costsCostsCostsCostsCostsCostsCosts00000',
    region: 'eu-west-1',
  };
  const credentialId = idOf(
    await http('POST', '/credentials', { token, body: { workspace_id: workspaceId, provider: 'aws', data } }),
  );
  const vm = {
    name: 'at rest',
    provider: 'aws',
    instance_type: 't3.micro',
    region: 'eu-west-1',
    image_id: 'ami-12c6146b',
  };
  const vmId = idOf(
    await http('POST', '/vms', { token, body: { ...vm, workspace_id: workspaceId, credential_id: credentialId } }),
  );
  await until('the VM runs', async () => (await http('GET', `/vms/${vmId}`, { token })).body.data.status === 'running');
  return { owner, other, admin, workspaceId, credentialId, vmId };
}
