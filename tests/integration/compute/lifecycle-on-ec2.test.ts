import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Ec2Fault } from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { rounds } from '../../support/sizes.ts';
import { credentialData, vmBody } from './compute-api.ts';
import { type Ec2, startEc2 } from './ec2.ts';
import { makeOnEc2 } from './on-ec2.ts';

let backend: Backend;
let ec2: Ec2;
let onlooker: EC2Client;

beforeAll(async () => {
  [backend, ec2] = await Promise.all([startBackend(), startEc2()]);
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', ec2.endpoint);
  const credentials = { accessKeyId: 'onlooker', secretAccessKey: 'onlooker' };
  onlooker = new EC2Client({ region: 'eu-west-1', credentials, maxAttempts: 1 });
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  onlooker?.destroy();
  await Promise.all([backend?.stop(), ec2?.stop()]);
});

/** The machines that carry our id, as EC2 has them. */
async function machinesOf(vmId: string): Promise<Instance[]> {
  const Filters = [{ Name: 'tag:skyclust:vm-id', Values: [vmId] }];
  const { Reservations = [] } = await onlooker.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}
const statesOf = async (vmId: string) => (await machinesOf(vmId)).map(({ State }) => State?.Name ?? '');

const dead = ['terminated', 'shutting-down'];

describe('a VM on EC2', () => {
  it('is made, stopped, started and deleted, and its machine with it', async () => {
    const world = await makeOnEc2(backend);
    const { answer, outcome } = await world.run('POST', '/vms', { workspace_id: world.workspaceId, ...vmBody });
    const { id } = answer.body.data;
    expect([answer.status, outcome?.status, outcome?.transitions]).toEqual([201, 'succeeded', 4]);
    expect(await world.vm(id)).toMatchObject({
      status: 'running',
      image_id: expect.stringMatching(/^ami-/),
      instance_id: expect.stringMatching(/^i-/),
      private_ip: expect.any(String),
      observed_at: expect.any(String),
      status_reason: null,
    });
    const ends = { '/stop': ['stopped', 'stopped'], '/start': ['running', 'running'], '': ['deleted', 'terminated'] };
    for (const [path, [status, state]] of Object.entries(ends)) {
      const asked = await world.run(path === '' ? 'DELETE' : 'POST', `/vms/${id}${path}`);
      expect([asked.answer.status, asked.outcome?.status, asked.outcome?.transitions]).toEqual([202, 'succeeded', 4]);
      expect([(await world.vm(id))['status'], await statesOf(id)]).toEqual([status, [state]]);
    }
    const counts = (await world.tenancy.rowsOf(world.workspaceId)).find(({ sk }) => sk === 'QUOTA');
    expect(counts?.['left_vms']).toBe(20);
  });

  it('asks KMS once a step that calls the provider, and no more', async () => {
    const world = await makeOnEc2(backend);
    const { answer } = await world.run('POST', '/vms', { workspace_id: world.workspaceId, ...vmBody });
    await world.run('DELETE', `/vms/${answer.body.data.id}`);
    expect(world.kms).toEqual([
      { step: 'launch', calls: 1 },
      { step: 'await-running', calls: 1 },
      { step: 'record-running', calls: 0 },
      { step: 'terminate', calls: 1 },
      { step: 'await-gone', calls: 1 },
      { step: 'record-deleted', calls: 0 },
    ]);
  });

  it('of a refused request is in an error that says why, and can be deleted', async () => {
    const world = await makeOnEc2(backend);
    const body = { workspace_id: world.workspaceId, ...vmBody };
    const refused = {
      IMAGE_NOT_FOUND: { image_id: 'ami-00000000000000000' },
      PROVIDER_REFUSED: { key_pair: 'no such key' },
    };
    for (const [code, given] of Object.entries(refused)) {
      const { answer } = await world.run('POST', '/vms', { ...body, ...given });
      const { id } = answer.body.data;
      const vm = await world.vm(id);
      expect([vm['status'], vm['instance_id']]).toEqual(['error', null]);
      expect(vm['status_reason']).toMatch(new RegExp(`^${code}: `));
      await world.run('DELETE', `/vms/${id}`);
      expect([(await world.vm(id))['status'], await statesOf(id)]).toEqual(['deleted', []]);
    }
  });

  it('whose credential was changed meanwhile is deleted with the new one, or says that it is rejected', async () => {
    const world = await makeOnEc2(backend);
    const { answer } = await world.run('POST', '/vms', { workspace_id: world.workspaceId, ...vmBody });
    const { id } = answer.body.data;
    ec2.plan('TerminateInstances', { kind: 'error', code: 'AuthFailure', status: 401 });
    await world.run('DELETE', `/vms/${id}`);
    expect((await world.vm(id))['status_reason']).toMatch(/^CREDENTIAL_REJECTED: /);
    const data = { ...credentialData, access_key: 'AKIACHANGED000000000' };
    const path = `/credentials/${world.credentialId}`;
    await world.tenancy.http('PUT', path, { token: world.owner.token, body: { data, is_active: false } });
    await world.run('DELETE', `/vms/${id}`);
    expect([(await world.vm(id))['status'], await statesOf(id)]).toEqual(['deleted', ['terminated']]);
  });
});

describe('the workspace’s secret', () => {
  it('is nowhere but sealed: not in the table, nor in what steps are given, answer, throw or log', async () => {
    const world = await makeOnEc2(backend);
    const body = { workspace_id: world.workspaceId, ...vmBody };
    const { answer } = await world.run('POST', '/vms', body);
    await world.run('POST', `/vms/${answer.body.data.id}/stop`);
    ec2.plan('RunInstances', { kind: 'error', code: 'SignatureDoesNotMatch', status: 403 });
    const failed = await world.run('POST', '/vms', body);
    await world.run('DELETE', `/vms/${failed.answer.body.data.id}`);
    const rows = await world.tenancy.rowsOf(world.workspaceId);
    const histories = await Promise.all(
      [answer, failed.answer].map(({ body: { data } }) => world.tenancy.table.queryAll({ pk: `VM#${data.id}` })),
    );
    const seen = JSON.stringify([rows, histories, world.said, answer.body, failed.answer.body]);
    expect(seen.length).toBeGreaterThan(5_000);
    for (const secret of [credentialData.secret_key, credentialData.access_key]) expect(seen).not.toContain(secret);
    expect(ec2.pending()).toBe(0);
  });
});

describe('the user data of a VM', () => {
  const secret = 'password: aMachinesOwnSecret0';
  const userData = `#cloud-config\n${secret}`;

  it('lies sealed until the launch, which alone opens it, and is gone after it', async () => {
    const world = await makeOnEc2(backend);
    const body = { workspace_id: world.workspaceId, ...vmBody, user_data: userData };
    const { token } = world.owner;
    const waiting = (await world.http('POST', '/vms', { token, body })).body.data.id;
    const lying = await world.tenancy.table.queryAll({ pk: `VM#${waiting}` });
    expect(lying).toMatchObject([{ sk: 'USERDATA', ttl: expect.any(Number) }]);
    const parts = Object.values(lying[0]?.['sealed'] ?? {}).filter((part) => part instanceof Uint8Array);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(Buffer.from(part).toString()).not.toContain(secret);

    const { answer } = await world.run('POST', '/vms', body);
    const { id } = answer.body.data;
    expect(world.kms.map(({ calls }) => calls)).toEqual([2, 1, 0]);
    const [machine] = await machinesOf(id);
    const attribute = { InstanceId: machine?.InstanceId, Attribute: 'userData' } as const;
    const { UserData } = await onlooker.send(new DescribeInstanceAttributeCommand(attribute));
    expect(Buffer.from(String(UserData?.Value), 'base64').toString()).toBe(userData);
    const left = await world.tenancy.table.queryAll({ pk: `VM#${id}` });
    expect(left.map(({ sk }) => sk.split('#')[0])).toEqual(['EVENT', 'EVENT', 'EVENT']);
    const rows = await world.tenancy.rowsOf(world.workspaceId);
    const seen = JSON.stringify([rows, left, world.said, answer.body, await world.vm(id)]);
    for (const text of [secret, Buffer.from(userData).toString('base64')]) expect(seen).not.toContain(text);
  });

  it('of a creation that fails is gone, too', async () => {
    const world = await makeOnEc2(backend);
    const body = { workspace_id: world.workspaceId, ...vmBody, user_data: userData, key_pair: 'no such key' };
    const { answer } = await world.run('POST', '/vms', body);
    const { id } = answer.body.data;
    expect((await world.vm(id))['status']).toBe('error');
    const left = await world.tenancy.table.queryAll({ pk: `VM#${id}` });
    expect(left.filter(({ sk }) => !sk.startsWith('EVENT#'))).toEqual([]);
    expect(JSON.stringify([left, world.said])).not.toContain(secret);
  });

  it('is well-formed text of at most 16 KB, in bytes', async () => {
    const world = await makeOnEc2(backend);
    const ask = async (user_data: string) =>
      (
        await world.http('POST', '/vms', {
          token: world.owner.token,
          body: { workspace_id: world.workspaceId, ...vmBody, user_data },
        })
      ).body;
    for (const wrong of ['', 'a'.repeat(16_385), 'é'.repeat(8_193), `${secret}\ud800`]) {
      const refused = await ask(wrong);
      expect([refused.code, refused.data.issues[0].path]).toEqual(['VALIDATION_ERROR', 'body.user_data']);
      expect(JSON.stringify(refused)).not.toContain(secret);
    }
    for (const right of ['a'.repeat(16_384), 'é'.repeat(8_192)]) expect((await ask(right)).success).toBe(true);
  });
});

const faults: readonly Ec2Fault[] = [
  { kind: 'drop', when: 'before' },
  { kind: 'drop', when: 'after' },
  { kind: 'throttle' },
  { kind: 'error', code: 'InternalError', status: 500 },
  { kind: 'error', code: 'InsufficientInstanceCapacity', status: 500 },
  { kind: 'error', code: 'UnauthorizedOperation', status: 403 },
];
const calls = [
  'RunInstances',
  'RunInstances',
  'DescribeInstances',
  'TerminateInstances',
  'DescribeImages',
  'StopInstances',
];

describe('an EC2 that lies', () => {
  const seeds = Array.from({ length: rounds(15, 500) }, (_, at) => at + 1);
  let fired = 0;

  it.each(seeds)('by seed %i leaves one machine at most, and none once the VM is deleted', async (seed) => {
    const random = seededRandom(seed);
    const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
    const world = await makeOnEc2(backend);
    const planned = 1 + Math.floor(random() * 8);
    for (let n = 0; n < planned; n += 1) ec2.plan(pick(calls), pick(faults));
    const { answer } = await world.run('POST', '/vms', { workspace_id: world.workspaceId, ...vmBody });
    const { id } = answer.body.data;
    if ((await world.vm(id))['status'] === 'running') await world.run('POST', `/vms/${id}/stop`);
    fired += planned - ec2.pending();
    ec2.clear();
    const alive = (await statesOf(id)).filter((state) => !dead.includes(state));
    expect(alive.length).toBeLessThanOrEqual(1);
    expect(['running', 'stopped', 'error']).toContain((await world.vm(id))['status']);
    await world.run('DELETE', `/vms/${id}`);
    expect((await world.vm(id))['status']).toBe('deleted');
    expect((await statesOf(id)).filter((state) => !dead.includes(state))).toEqual([]);
  });

  it('did lie', () => {
    expect(fired).toBeGreaterThan(seeds.length);
  });
});
