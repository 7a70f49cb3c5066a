import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { vmStatuses } from '../../../contracts/compute/vm-states.ts';
import type { VmChanges } from '../../../functions/compute/ports.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { makeVmWorld, type VmWorld } from './vm-world.ts';

let backend: Backend;
let world: VmWorld;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());
beforeEach(async () => {
  world = await makeVmWorld(backend);
});

const put = (id: string, body: object, headers = {}) => world.call('PUT', `/${id}`, body, headers);
const issuesOf = ({ body }: HttpAnswer) => body.data.issues.map(({ path }: { path: string }) => path);
const timersAt = (hour: string) => world.tenancy.table.queryAll({ pk: `TIMER#${hour}` });
const timersOf = async (id: string, hour: string) => (await timersAt(hour)).filter((timer) => timer['id'] === id);

describe('a change of a VM', () => {
  it('of its name and tags is answered and read, and is for the provider, by this call', async () => {
    const id = await world.place('running', { tags: { team: 'a', env: 'test' } });
    const changed = await put(id, { name: 'web-2', tags: { team: 'b' } });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(changed.body.data).toMatchObject({ name: 'web-2', tags: { team: 'b' }, version: 2, status: 'running' });
    expect((await world.call('GET', `/${id}`)).body.data).toEqual(changed.body.data);
    expect(await world.item(id)).toMatchObject({
      tags_version: 2,
      tags_told: 1,
      tags_gone: ['env'],
      request_id: changed.body.request_id,
    });
  });

  it('that changes nothing leaves it at its version', async () => {
    const id = await world.place('running', { tags: { team: 'a' } });
    const before = await world.item(id);
    for (const body of [
      {},
      { name: 'web-1' },
      { tags: { team: 'a' } },
      { instance_type: 't3.micro' },
      { expires_at: null },
    ])
      expect([(await put(id, body)).status, await world.item(id)]).toEqual([200, before]);
  });

  it('holds the version that If-Match names', async () => {
    const id = await world.place('running');
    const stale = await put(id, { name: 'web-2' }, { 'if-match': '"7"' });
    expect([stale.status, stale.body.code, stale.body.data]).toEqual([409, 'CONFLICT', { version: 1 }]);
    expect((await put(id, { name: 'web-2' }, { 'if-match': '"1"' })).status).toBe(200);
  });

  it('is one of ten at once where they name one version, and loses no other’s where they do not', async () => {
    const id = await world.place('running');
    const race = (headers: object) =>
      Promise.all(Array.from({ length: 10 }, () => put(id, { name: randomUUID() }, headers)));
    const statuses = (answers: HttpAnswer[]) => answers.map(({ status }) => status).toSorted();
    expect(statuses(await race({ 'if-match': '"1"' }))).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    const free = statuses(await race({}));
    expect((await world.item(id))['version']).toBe(2 + free.filter((status) => status === 200).length);
  });

  it('is written over no other’s that was written since the VM was read', async () => {
    const store = createVmStore(world.tenancy.table);
    const id = await world.place('stopped');
    const read = await store.find([world.workspaceId], id, new Date());
    if (read === undefined) throw new Error('there is no such VM');
    await put(id, { name: 'web-2' });
    const write = (changes: VmChanges) => world.tenancy.table.transact([store.update(read, changes, new Date())]);
    const resize_to = { instance_type: 't3.large', vcpus: 2 };
    for (const changes of [{ name: 'web-3' }, { expires_at: null }, { resize_to }])
      await expect(write(changes)).rejects.toMatchObject({ code: 'CONFLICT', data: { version: 2 } });
    expect(await world.item(id)).toMatchObject({ name: 'web-2', version: 2 });
  });

  it('is refused where there is nothing to change, to a viewer and to a stranger', async () => {
    const { owner, tenancy, workspaceId } = world;
    const [viewer, stranger] = [await tenancy.settle(), await tenancy.settle()];
    await tenancy.join(workspaceId, viewer, 'viewer', owner);
    const id = await world.place('running');
    const by = async ({ token }: { token: string }, vmId: string) =>
      (await world.http('PUT', `/vms/${vmId}`, { token, body: { name: 'web-2' } })).status;
    expect([await by(viewer, id), await by(stranger, id), await by(owner, randomUUID())]).toEqual([403, 404, 404]);
    const fields = { name: 'x', tags: { 'aws:x': '' }, expires_at: '2020-01-01T00:00:00Z', instance_type: 't3 micro' };
    for (const [field, value] of Object.entries(fields))
      expect(issuesOf(await put(id, { [field]: value }))[0]).toMatch(new RegExp(`^body\\.${field}`));
    expect((await put(id, { region: 'eu-west-1' })).body.code).toBe('VALIDATION_ERROR');
  });
});

describe('the expiry of a VM', () => {
  it('set, is a timer of it; changed, another; removed, none that counts', async () => {
    const id = await world.place('running');
    const [first, second] = ['2999-01-02T10:00:00.000Z', '2999-02-02T10:00:00.000Z'];
    expect((await put(id, { expires_at: first })).body.data.expires_at).toBe(first);
    expect(await timersOf(id, '2999-01-01T10')).toMatchObject([{ kind: 'vm_notice_day', of: first }]);
    await put(id, { expires_at: second });
    expect(await timersOf(id, '2999-02-01T10')).toMatchObject([{ kind: 'vm_notice_day', of: second }]);
    expect((await put(id, { expires_at: null })).body.data.expires_at).toBeNull();
    // A timer is void unless it is of the time that stands on record.
    expect((await world.item(id))['expires_at']).toBeUndefined();
  });

  it('given with several VMs, is a timer of each', async () => {
    const { body } = await world.create({ count: 3, expires_at: '2999-03-02T10:00:00Z' });
    const due = (await timersAt('2999-03-01T10')).map(({ id }) => id);
    expect(due.toSorted()).toEqual(body.data.vms.map(({ id }: { id: string }) => id).toSorted());
  });
});

describe('another instance type', () => {
  it('is for a VM that is stopped; in any other state CONFLICT, with what is allowed there', async () => {
    const id = await world.place('stopped');
    for (const status of vmStatuses.filter((name) => name !== 'stopped' && name !== 'deleted')) {
      await world.tenancy.table.write({ put: { ...(await world.item(id)), status } });
      const { status: code, body } = await put(id, { instance_type: 't3.large' });
      expect([status, code, body.code, body.data.allowed.includes('resize')]).toEqual([status, 409, 'CONFLICT', false]);
    }
    expect((await put(id, { name: 'web-2', instance_type: 't3.large' })).status).toBe(409);
    expect((await world.item(id))['name']).toBe('web-1');
  });

  it('is shown, and holds the larger of the two of the quota, until it is taken back', async () => {
    const id = await world.place('stopped');
    const left = async () => (await world.quota())?.['left_vcpus'];
    expect(await left()).toBe(62);
    const shown = async (instance_type: string) => (await put(id, { instance_type })).body.data.instance_type;
    expect([await shown('m5.2xlarge'), await left()]).toEqual(['m5.2xlarge', 56]);
    expect([await shown('t3.nano'), await left()]).toEqual(['t3.nano', 62]);
    expect([await shown('m5.2xlarge'), await left()]).toEqual(['m5.2xlarge', 56]);
    expect([await shown('t3.micro'), await left()]).toEqual(['t3.micro', 62]);
    expect((await world.item(id))['resize_to']).toBeUndefined();
  });

  it('that no quota has room for, or that nobody knows, is refused', async () => {
    const id = await world.place('stopped');
    const over = await put(id, { instance_type: 'm5.24xlarge' });
    expect([over.status, over.body.data]).toMatchObject([409, { reason: 'QUOTA_EXCEEDED', max: 64 }]);
    expect(issuesOf(await put(id, { instance_type: 't99.micro' }))).toEqual(['body.instance_type']);
    expect((await world.quota())?.['left_vcpus']).toBe(62);
  });
});

describe('a restart', () => {
  it('answers at once, and says on record what the VM is put through and by which call', async () => {
    const id = await world.place('running');
    const answer = await world.call('POST', `/${id}/restart`);
    expect([answer.status, answer.body.message, answer.body.data]).toEqual([202, 'VM restart requested', undefined]);
    const { request_id } = answer.body;
    expect(await world.item(id)).toMatchObject({ status: 'starting', work: 'restart', run: 2, request_id });
    const again = await world.call('POST', `/${id}/restart`);
    expect([again.status, again.body.data]).toEqual([409, { status: 'starting', allowed: [] }]);
  });
});
