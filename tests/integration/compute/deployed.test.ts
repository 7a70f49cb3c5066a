import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { GetExecutionHistoryCommand, type HistoryEvent, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, type Person, register } from '../../support/people.ts';
import { readItems } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';
import { vmBody } from './compute-api.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const stepFunctions = new SFNClient(stack.client);
const ec2 = new EC2Client({ ...stack.client, region: vmBody.region, endpoint: stack.ec2_url });
afterAll(() => {
  stepFunctions.destroy();
  ec2.destroy();
});

const secret = { access_key: 'AKIADEPLOYED00000000', secret_key: 'deployedDeployedDeployedDeployed0000' };

let owner: Person;
let workspaceId: string;

beforeAll(async () => {
  owner = await register(http, 'deployed');
  workspaceId = await makeWorkspace(http, owner);
  const body = { workspace_id: workspaceId, provider: 'aws', data: { ...secret, region: 'eu-west-1' } };
  const { status, body: answer } = await http('POST', '/credentials', { token: owner.token, body });
  if (status !== 201) throw new Error(`cannot store a credential: ${JSON.stringify(answer)}`);
});

const vm = async (id: string) => (await http('GET', `/vms/${id}`, { token: owner.token })).body.data;
const becomes = (id: string, status: string) =>
  until(`the VM is ${status}`, async () => (await vm(id)).status === status, 90_000);

async function create(given: object = {}): Promise<string> {
  const body = { workspace_id: workspaceId, ...vmBody, ...given };
  const { status, body: answer } = await http('POST', '/vms', { token: owner.token, body });
  if (status !== 201) throw new Error(`cannot create a VM: ${JSON.stringify(answer)}`);
  return answer.data.id;
}

async function ask(id: string, method: string, path = '', body?: object) {
  const answer = await http(method, `/vms/${id}${path}`, { token: owner.token, body });
  if (answer.status >= 300) throw new Error(`cannot ${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/** The machine as EC2 has it. */
async function machineOf(vmId: string): Promise<Instance> {
  const Filters = [{ Name: 'tag:skyclust:vm-id', Values: [vmId] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  const [machine] = Reservations.flatMap(({ Instances = [] }) => Instances);
  if (machine === undefined) throw new Error(`there is no machine of ${vmId}`);
  return machine;
}

/** Those that are not ours. */
const tagsOf = async (vmId: string) =>
  Object.fromEntries(
    ((await machineOf(vmId)).Tags ?? [])
      .filter(({ Key = '' }) => !Key.startsWith('skyclust:'))
      .map(({ Key, Value }) => [Key, Value]),
  );

/** What Step Functions keeps of the execution that a version of a VM started. */
async function historyOf(vmId: string, version: number): Promise<HistoryEvent[]> {
  const stateMachineArn = `arn:aws:states:${stack.client.region}:111122223333:stateMachine:skyclust-local-vm-lifecycle`;
  const name = `${vmId}-${version}`;
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }),
  );
  const execution = executions.find((one) => one.name === name);
  if (execution === undefined) throw new Error(`there is no execution ${name}`);
  await until(`${name} has ended`, async () => {
    const { executions: now = [] } = await stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }),
    );
    return now.find((one) => one.name === name)?.status !== 'RUNNING';
  });
  const command = new GetExecutionHistoryCommand({
    executionArn: String(execution.executionArn),
    includeExecutionData: true,
  });
  return (await stepFunctions.send(command)).events ?? [];
}

const entered = (events: readonly HistoryEvent[]) =>
  events.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);

describe('vm-lifecycle on Step Functions', () => {
  it('makes and deletes a VM in four states each, and keeps no secret', async () => {
    const id = await create();
    await becomes(id, 'running');
    await http('DELETE', `/vms/${id}`, { token: owner.token });
    await becomes(id, 'deleted');
    const [made, gone] = [await historyOf(id, 1), await historyOf(id, (await vm(id)).version - 1)];
    expect(entered(made)).toEqual(['ChooseAction', 'Launch', 'AwaitLaunched', 'RecordLaunched']);
    expect(entered(gone)).toEqual(['ChooseAction', 'Terminate', 'AwaitGone', 'RecordDeleted']);
    const text = JSON.stringify([made, gone]);
    expect(text).toContain(id);
    for (const value of Object.values(secret)) expect(text).not.toContain(value);
  });

  it('catches a provider’s refusal by its name, undoes the create and says why', async () => {
    const id = await create({ image_id: 'ami-00000000000000000' });
    await becomes(id, 'error');
    expect((await vm(id)).status_reason).toMatch(/^IMAGE_NOT_FOUND: InvalidAMIID\.NotFound/);
    expect(entered(await historyOf(id, 1))).toEqual(['ChooseAction', 'Launch', 'UndoLaunch', 'RecordError']);
    const rows = (await readItems(stack, `VM#${id}`)).map(({ step, outcome }) => [step, outcome]);
    expect(rows).toEqual([
      ['launch', 'failed'],
      ['undo-launch', 'undone'],
      ['record-error', 'succeeded'],
    ]);
    await http('DELETE', `/vms/${id}`, { token: owner.token });
    await becomes(id, 'deleted');
  });

  it('takes a VM through all that can be asked of it, and its machine with it', async () => {
    const userData = '#cloud-config\nhostname: asked';
    const id = await create({ user_data: userData, tags: { team: 'a', env: 'test' } });
    await becomes(id, 'running');
    const { InstanceId } = await machineOf(id);
    const { UserData } = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'userData' }));
    expect(Buffer.from(String(UserData?.Value), 'base64').toString()).toBe(userData);

    await ask(id, 'POST', '/stop');
    await becomes(id, 'stopped');
    expect((await ask(id, 'PUT', '', { instance_type: 't3.small' })).body.data.instance_type).toBe('t3.small');
    await ask(id, 'POST', '/start');
    await becomes(id, 'running');
    expect((await machineOf(id)).InstanceType).toBe('t3.small');

    const restart = await ask(id, 'POST', '/restart');
    await becomes(id, 'running');
    await ask(id, 'PUT', '', { name: 'renamed', tags: { team: 'b' } });
    await until('EC2 has the tags', async () => (await tagsOf(id))['team'] === 'b');
    expect(await tagsOf(id)).toEqual({ Name: 'renamed', team: 'b' });

    const events = async () => (await ask(id, 'GET', '/events?sort=at:asc&limit=100')).body.data.events as VmEvent[];
    await until('the tags are told', async () => (await events()).at(-1)?.step === 'tag');
    const steps = (await events()).map(({ action, step }) => `${action} ${step}`);
    expect(steps).toEqual([
      ...['create launch', 'create await-running', 'create record-running'],
      ...['stop stop', 'stop await-stopped', 'stop record-stopped'],
      ...['start start', 'start await-running', 'start record-running'],
      ...['restart restart', 'restart await-running', 'restart record-running'],
      'tag tag',
    ]);
    const restarted = (await events()).filter(({ action }) => action === 'restart');
    expect(new Set(restarted.map(({ request_id }) => request_id))).toEqual(new Set([restart.body.request_id]));
    await ask(id, 'DELETE');
    await becomes(id, 'deleted');
    expect((await machineOf(id)).State?.Name).toBe('terminated');
  });

  it('leaves nothing counted', async () => {
    const items = await readItems(stack, `WS#${workspaceId}`);
    expect(items.find(({ sk }) => sk === 'QUOTA')?.['left_vms']).toBe(20);
    expect(items.find(({ sk }) => String(sk).startsWith('CREDENTIAL#'))?.['uses']).toBe(0);
  });
});
