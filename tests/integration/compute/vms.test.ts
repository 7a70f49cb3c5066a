import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allowedActions,
  type VmAction,
  type VmStatus,
  vmActions,
  vmStatuses,
} from '../../../contracts/compute/vm-states.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createComputeHttp, credentialData, storeCredential, vmBody } from './compute-api.ts';

let backend: Backend;
let tenancy: Tenancy;
let http: Http;
let owner: Resident;
let id: string;
let credentialId: string;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  http = createComputeHttp(tenancy);
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  owner = await tenancy.settle();
  id = await tenancy.found(owner);
  credentialId = await storeCredential(tenancy, owner, id);
});

const call = (method: string, path = '', body?: object, by: Resident = owner, headers = {}) =>
  http(method, `/vms${path}`, { token: by.token, body, headers });
const create = (body: object = {}, by: Resident = owner, headers = {}) =>
  call('POST', '', { workspace_id: id, ...vmBody, ...body }, by, headers);
const issuesOf = ({ body }: HttpAnswer) => body.data.issues.map(({ path }: { path: string }) => path);
const quota = async () => (await tenancy.rowsOf(id)).find(({ sk }) => sk === 'QUOTA');
const uses = async () => (await tenancy.rowsOf(id)).find(({ sk }) => sk === `CREDENTIAL#${credentialId}`)?.['uses'];

/** Puts a VM into a state that only its workflow would. */
async function put(vmId: string, status: VmStatus, instanceId: string | null = 'i-1') {
  const item = (await tenancy.rowsOf(id)).find(({ sk }) => sk === `VM#${vmId}`);
  if (item === undefined) throw new Error('there is no such VM');
  const { instance_id: _, resize_to: __, ...rest } = item;
  await tenancy.table.write({
    put: { ...rest, pk: item.pk, sk: item.sk, status, ...(instanceId && { instance_id: instanceId }) },
  });
}

describe('a VM', () => {
  it('is answered pending, with every field, and read as it was answered', async () => {
    const created = await create({ tags: { team: 'a' }, expires_at: '2999-01-01T00:00:00Z', key_pair: 'mine' });
    expect([created.status, created.body.message, created.headers.get('etag')]).toEqual([
      201,
      'VM creation started',
      '"1"',
    ]);
    expect(created.body.data).toEqual({
      ...vmBody,
      id: expect.any(String),
      workspace_id: id,
      credential_id: credentialId,
      image_id: null,
      key_pair: 'mine',
      status: 'pending',
      instance_id: null,
      public_ip: null,
      private_ip: null,
      tags: { team: 'a' },
      expires_at: '2999-01-01T00:00:00.000Z',
      estimated_monthly_cost: null,
      status_reason: null,
      observed_at: null,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const read = await call('GET', `/${created.body.data.id}`);
    expect([read.body.data, read.headers.get('etag')]).toEqual([created.body.data, '"1"']);
  });

  it('asked for again under its key is answered again, though the request would be refused by now', async () => {
    const key = () => ({ 'idempotency-key': randomUUID() });
    const [once, twice, other] = [key(), key(), key()];
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const first = await create({}, owner, once);
    const second = await create({ expires_at: soon }, owner, twice);
    await storeCredential(tenancy, owner, id);
    const later = createComputeHttp(tenancy, { now: () => new Date(Date.now() + 7_200_000) });
    const again = (body: object, headers: Record<string, string>) =>
      later('POST', '/vms', { token: owner.token, body: { workspace_id: id, ...vmBody, ...body }, headers });
    expect((await create({}, owner, once)).body.data).toEqual(first.body.data);
    expect((await again({ expires_at: soon }, twice)).body.data).toEqual(second.body.data);
    expect((await again({ expires_at: soon, name: 'other' }, twice)).body.code).toBe('CONFLICT');
    for (const refused of [await create(), await create({}, owner, other), await again({ expires_at: soon }, other)]) {
      expect(refused.body.code).toBe('VALIDATION_ERROR');
    }
    expect(await quota()).toMatchObject({ left_vms: 18 });
  });

  it('counts against the quota and holds its credential', async () => {
    await create();
    expect([(await quota())?.['left_vms'], await uses()]).toEqual([19, 1]);
    const refused = await tenancy.http('DELETE', `/credentials/${credentialId}`, { token: owner.token });
    expect([refused.status, refused.body.data.blocking]).toEqual([409, { vms: 1 }]);
  });

  it('is not made past the quota, in an inactive workspace, or in the past', async () => {
    const admin = await tenancy.settle('admin');
    const quotas = (max_vms: number) =>
      tenancy.http('PUT', `/workspaces/${id}/quotas`, { token: admin.token, body: { max_vms } });
    await quotas(1);
    await create();
    expect((await create()).body).toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'QUOTA_EXCEEDED', max: 1, used: 1 },
    });
    await quotas(9);
    expect(issuesOf(await create({ expires_at: new Date().toISOString() }))).toEqual(['body.expires_at']);
    await tenancy.http('PUT', `/workspaces/${id}`, { token: owner.token, body: { is_active: false } });
    expect((await create()).body.code).toBe('CONFLICT');
    expect(await uses()).toBe(1);
  });

  it('of one idempotency key is made once, however often it is asked for at once', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => create({}, owner, headers)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect([(await quota())?.['left_vms'], await uses()]).toEqual([19, 1]);
    expect((await create({ name: 'other' }, owner, headers)).body.code).toBe('CONFLICT');
  });
});

describe('the credential of a VM', () => {
  it('may be left out where the workspace has one of the provider', async () => {
    expect((await create()).body.data.credential_id).toBe(credentialId);
    await storeCredential(tenancy, owner, id);
    expect(issuesOf(await create())).toEqual(['body.credential_id']);
    expect((await create({ credential_id: credentialId })).status).toBe(201);
  });

  it('is of this workspace, or it is not found', async () => {
    const other = await tenancy.found(owner);
    const foreign = await storeCredential(tenancy, owner, other);
    const missing = await create({ credential_id: randomUUID() });
    const refused = await create({ credential_id: foreign });
    expect([missing.status, refused.status]).toEqual([404, 404]);
    expect((await quota())?.['left_vms']).toBe(20);
  });

  it('is active', async () => {
    await tenancy.http('PUT', `/credentials/${credentialId}`, { token: owner.token, body: { is_active: false } });
    expect((await create({ credential_id: credentialId })).body.code).toBe('CONFLICT');
    expect(issuesOf(await create())).toEqual(['body.credential_id']);
  });

  it('shows in nothing that a VM answers', async () => {
    const { id: vmId } = (await create()).body.data;
    const answers = [await call('GET', `/${vmId}`), await call('GET', ''), await call('DELETE', `/${vmId}`)];
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(credentialData.secret_key);
    expect(JSON.stringify(await tenancy.table.queryAll({ pk: `VM#${vmId}` }))).not.toContain(credentialData.access_key);
  });
});

describe('the workspace of a VM', () => {
  const unplaced = (by: Resident) => call('POST', '', vmBody, by);

  it('may be left out by a member of exactly one', async () => {
    expect((await unplaced(owner)).body.data.workspace_id).toBe(id);
    await tenancy.found(owner);
    expect(issuesOf(await unplaced(owner))).toEqual(['body.workspace_id']);
    expect(issuesOf(await unplaced(await tenancy.settle()))).toEqual(['body.workspace_id']);
  });

  it('is one where the caller is a member at least', async () => {
    const [viewer, stranger] = [await tenancy.settle(), await tenancy.settle()];
    await tenancy.join(id, viewer, 'viewer', owner);
    const statuses = [await unplaced(viewer), await create({}, viewer), await create({}, stranger)].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([403, 403, 404]);
  });

  it('is the only place where it is seen', async () => {
    const stranger = await tenancy.settle();
    const { id: vmId } = (await create()).body.data;
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/start'],
      ['POST', '/stop'],
    ] as const) {
      const foreign = await call(method, `/${vmId}${path}`, undefined, stranger);
      const missing = await call(method, `/${randomUUID()}${path}`, undefined, stranger);
      expect([foreign.status, foreign.body.error]).toEqual([404, missing.body.error]);
    }
    expect((await call('GET', `?workspace_id=${id}`, undefined, stranger)).status).toBe(404);
  });
});

const ask = (action: VmAction, vmId: string) => {
  if (action === 'resize') return call('PUT', `/${vmId}`, { instance_type: 't3.small' });
  return action === 'delete' ? call('DELETE', `/${vmId}`) : call('POST', `/${vmId}/${action}`);
};

describe('an action', () => {
  it('is allowed exactly where the state table allows it, by what is written and not by what was read', async () => {
    const { id: vmId } = (await create()).body.data;
    for (const status of vmStatuses.filter((name) => name !== 'deleted')) {
      for (const instanceId of ['i-1', null]) {
        for (const action of vmActions) {
          await put(vmId, status, instanceId);
          const { status: code, body } = await ask(action, vmId);
          const allowed = allowedActions({ status, instance_id: instanceId });
          const expected = allowed.includes(action) ? [action === 'resize' ? 200 : 202] : [409, { status, allowed }];
          const answered = code < 300 ? [code] : [code, body.data];
          expect([status, instanceId, action, ...answered]).toEqual([status, instanceId, action, ...expected]);
        }
      }
    }
  });

  it('answers at once, with the busy state to be seen', async () => {
    const { id: vmId } = (await create()).body.data;
    await put(vmId, 'running');
    const stopped = await call('POST', `/${vmId}/stop`);
    expect([stopped.status, stopped.body.message, stopped.body.data]).toEqual([202, 'VM stop requested', undefined]);
    const { body } = await call('GET', `/${vmId}`);
    expect([body.data.status, body.data.version, body.data.status_reason]).toEqual(['stopping', 2, null]);
  });

  it('is taken once of ten at once', async () => {
    const { id: vmId } = (await create()).body.data;
    await put(vmId, 'stopped');
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', `/${vmId}/start`)));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([202, ...Array.from({ length: 9 }, () => 409)]);
    const item = (await tenancy.rowsOf(id)).find(({ sk }) => sk === `VM#${vmId}`);
    expect([item?.['status'], item?.['version'], item?.['run']]).toEqual(['starting', 2, 2]);
  });

  it('holds the version that If-Match names', async () => {
    const { id: vmId } = (await create()).body.data;
    await put(vmId, 'running');
    const stale = await call('POST', `/${vmId}/stop`, undefined, owner, { 'if-match': '"7"' });
    expect([stale.status, stale.body.data]).toEqual([409, { version: 1 }]);
    expect((await call('POST', `/${vmId}/stop`, undefined, owner, { 'if-match': '"1"' })).status).toBe(202);
  });

  it('is a member’s, not a viewer’s', async () => {
    const viewer = await tenancy.settle();
    await tenancy.join(id, viewer, 'viewer', owner);
    const { id: vmId } = (await create()).body.data;
    expect((await call('GET', `/${vmId}`, undefined, viewer)).status).toBe(200);
    expect((await call('POST', `/${vmId}/start`, undefined, viewer)).status).toBe(403);
    expect((await call('DELETE', `/${vmId}`, undefined, viewer)).status).toBe(403);
  });

  it('leaves a row that names the VM', async () => {
    const { id: vmId } = (await create()).body.data;
    await put(vmId, 'running');
    await call('POST', `/${vmId}/stop`);
    await call('POST', `/${vmId}/stop`);
    const rows = await recentAuditRows(tenancy.table, id);
    const seen = rows
      .filter(({ resource }) => resource === 'vm')
      .map(({ action, resource_id, status }) => [action, resource_id, status]);
    expect(seen).toEqual([
      ['create', vmId, 201],
      ['stop', vmId, 202],
      ['stop', vmId, 409],
    ]);
  });
});

describe('a race for the quota', () => {
  const creators = 30;

  async function race(by: Http) {
    const admin = await tenancy.settle('admin');
    await tenancy.http('PUT', `/workspaces/${id}/quotas`, { token: admin.token, body: { max_vms: 5 } });
    const body = { workspace_id: id, credential_id: credentialId, ...vmBody };
    await Promise.all(Array.from({ length: creators }, () => by('POST', '/vms', { token: owner.token, body })));
    const rows = await tenancy.rowsOf(id);
    return rows.filter(({ sk }) => sk.startsWith('VM#')).length;
  }

  it('makes as many VMs as there is room for', async () => {
    expect([await race(http), (await quota())?.['left_vms'], await uses()]).toEqual([5, 0, 5]);
  });

  it('without the condition makes more', async () => {
    const unguarded = {
      countVms: (workspaceId: string, { vms = 0 }: { vms?: number }) => ({
        update: { pk: `WS#${workspaceId}`, sk: 'QUOTA' },
        change: { text: 'ADD #left_vms :vms', values: { vms: -vms } },
      }),
      countUse: (workspaceId: string, credential: string, count: number) => ({
        update: { pk: `WS#${workspaceId}`, sk: `CREDENTIAL#${credential}` },
        change: { text: 'ADD #uses :count', values: { count } },
      }),
    };
    expect(await race(createComputeHttp(tenancy, { holdings: unguarded }))).toBeGreaterThan(5);
  });
});

describe('the write of an action', () => {
  it('refuses a VM that has meanwhile been deleted', async () => {
    const { id: vmId } = (await create()).body.data;
    const store = createVmStore(tenancy.table);
    const vm = await store.find([id], vmId, new Date());
    if (vm === undefined) throw new Error('there is no such VM');
    await tenancy.table.write({ delete: { pk: `WS#${id}`, sk: `VM#${vmId}` } });
    await expect(tenancy.table.transact([store.act(vm, 'delete', new Date())])).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { status: 'deleted', allowed: [] },
    });
  });
});
