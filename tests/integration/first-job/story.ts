import type { SharedStack } from '../../support/global-setup.ts';
import { createHttp, type HttpAnswer } from '../../support/http-client.ts';
import { type Person, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { type Watch, watch } from './watch.ts';

/** What one person did, from nothing to a machine and back to nothing. */
export interface Story {
  /** Before the first call of it. */
  began: string;
  person: Person;
  workspaceId: string;
  credentialId: string;
  vmId: string;
  instanceId: string;
  /** The person's socket and the admin's, open since before the first VM. */
  own: Watch;
  admins: Watch;
  /** What the workspace's counts were while the VM was there. */
  during: { vms: number; uses: number };
  /** Answers to the writes, in order, by what they did. */
  answers: Record<string, HttpAnswer>;
  end(): void;
}

type CountHoldings = (workspaceId: string, credentialId: string) => Promise<{ vms: number; uses: number }>;

const wellFormed = { provider: 'aws', instance_type: 't3.micro', region: 'eu-west-1', name: 'web-1' };

/** Register, workspace, credential, VM, stop, start, delete: all over HTTP, each step once the one before is done. */
export async function liveThrough(stack: SharedStack, countHoldings: CountHoldings): Promise<Story> {
  const http = createHttp(stack.base_url);
  const answers: Story['answers'] = {};
  const began = new Date().toISOString();
  const admins = await watch(stack.ws_url, stack.admin.token);
  const person = await register(http, 'newcomer');
  const { token } = person;
  const own = await watch(stack.ws_url, token);

  const send = async (what: string, method: string, path: string, body?: object) => {
    const answer = await http(method, path, { token, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`cannot ${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
    answers[what] = answer;
    return answer.body.data;
  };
  const { id: workspaceId } = await send('make a workspace', 'POST', '/workspaces', { name: 'Team A' });
  const { id: credentialId } = await send('store a credential', 'POST', '/credentials', {
    workspace_id: workspaceId,
    provider: 'aws',
    data: { access_key: 'AKIAFIRSTJOB00000000', secret_key: 'firstJobFirstJobFirstJob', region: 'eu-west-1' },
  });
  const { id: vmId } = await send('create a VM', 'POST', '/vms', {
    ...wellFormed,
    workspace_id: workspaceId,
    credential_id: credentialId,
  });
  const during = await countHoldings(workspaceId, credentialId);
  const vm = async () => (await http('GET', `/vms/${vmId}`, { token })).body.data;
  const becomes = (status: string) => until(`the VM is ${status}`, async () => (await vm()).status === status);
  await becomes('running');
  const { instance_id: instanceId } = await vm();
  await send('stop it', 'POST', `/vms/${vmId}/stop`);
  await becomes('stopped');
  await send('start it', 'POST', `/vms/${vmId}/start`);
  await becomes('running');
  await send('delete it', 'DELETE', `/vms/${vmId}`);
  await becomes('deleted');
  const end = () => {
    own.end();
    admins.end();
  };
  return { began, person, workspaceId, credentialId, vmId, instanceId, own, admins, during, answers, end };
}
