import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onlyCredentialOf, useCredential } from '../../../functions/credentials/index.ts';
import { spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { azureApp, dataSamples } from '../../unit/credentials/sample-data.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;
let owner: Resident;
let id: string;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  owner = await tenancy.settle();
  id = await tenancy.found(owner);
});

const data = {
  access_key: 'AKIACREDENTIALS00000',
  secret_key: 'credentials/credentials+credentials=',
  region: 'eu-west-1',
};
const missing = '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a';

const call = (method: string, path: string, body?: object, by: Resident = owner, headers = {}) =>
  tenancy.http(method, `/credentials${path}`, { token: by.token, body, headers });
const create = (body: object = {}, by: Resident = owner) =>
  call('POST', '', { workspace_id: id, provider: 'aws', data, ...body }, by);

describe('a credential', () => {
  it('is answered without its secret, by default under its provider’s name', async () => {
    const created = await create();
    expect([created.status, created.headers.get('etag')]).toEqual([201, '"1"']);
    expect(created.body.data).toEqual({
      id: expect.any(String),
      workspace_id: id,
      name: 'aws',
      provider: 'aws',
      is_active: true,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await call('GET', `/${created.body.data.id}`)).body.data).toEqual(created.body.data);
  });

  it('takes its secret under either name, and not under both or none', async () => {
    const { data: _, ...bare } = { workspace_id: id, provider: 'aws', data };
    expect((await call('POST', '', { ...bare, credentials: data })).status).toBe(201);
    const none = await call('POST', '', bare);
    expect(none.body.data.issues).toEqual([{ path: 'body.data', message: 'is required' }]);
    expect((await create({ credentials: data })).body.data.issues[0].path).toBe('body.credentials');
  });

  it.each(dataSamples)('of %s is stored, and of an unknown cloud refused in so many words', async (provider, given) => {
    const created = await create({ provider, data: given });
    expect([created.status, created.body.data.provider, created.body.data.name]).toEqual([201, provider, provider]);
    expect(JSON.stringify(created.body.data)).not.toMatch(/secret|private|tenant|node_id/);
    expect((await create({ provider: 'other' })).body.data.issues[0].message).toBe(
      'must be one of aws, gcp, azure, libvirt',
    );
  });

  it('keeps its provider: other data is refused, by the field that is wrong', async () => {
    const { data: credential } = (await create({ provider: 'azure', data: azureApp() })).body;
    const issues = async (body: object) => (await call('PUT', `/${credential.id}`, body)).body.data.issues;
    expect(await issues({ data })).toEqual([
      { path: 'body.data', message: 'must be the data of a credential of azure' },
    ]);
    expect(await issues({ credentials: { ...azureApp(), tenant_id: 'x' } })).toEqual([
      { path: 'body.credentials.tenant_id', message: 'must be a UUID' },
    ]);
    expect((await call('PUT', `/${credential.id}`, { credentials: azureApp() })).headers.get('etag')).toBe('"2"');
  });

  it('is listed by workspace and provider, and across the workspaces of its reader', async () => {
    const second = await tenancy.found(owner);
    await create({ name: 'one' });
    await create({ name: 'two' });
    await create({ name: 'three', workspace_id: second });
    const names = async (query: string) => {
      const { body } = await call('GET', query);
      return body.data.credentials.map(({ name }: { name: string }) => name);
    };
    expect(await names('')).toEqual(['three', 'two', 'one']);
    expect(await names(`?workspace_id=${id}&sort=name:asc`)).toEqual(['one', 'two']);
    expect(await names('?provider=aws&provider=gcp&limit=1&offset=1')).toEqual(['two']);
    expect(await names('?provider=gcp')).toEqual([]);
    const stranger = await tenancy.settle();
    expect((await call('GET', '', undefined, stranger)).body.data.credentials).toEqual([]);
    const foreign = await call('GET', `?workspace_id=${id}`, undefined, stranger);
    const gone = await call('GET', `?workspace_id=${missing}`, undefined, stranger);
    expect([foreign.status, foreign.body.error]).toEqual([404, gone.body.error]);
  });

  it('is read by viewers, written by admins, and to strangers does not exist', async () => {
    const [viewer, member, admin, stranger, manager] = (await Promise.all(
      [0, 1, 2, 3, 4].map((n) => tenancy.settle(n === 4 ? 'admin' : 'user')),
    )) as [Resident, Resident, Resident, Resident, Resident];
    await tenancy.join(id, viewer, 'viewer', owner);
    await tenancy.join(id, member, 'member', owner);
    await tenancy.join(id, admin, 'admin', owner);
    const { data: credential } = (await create({}, admin)).body;
    const path = `/${credential.id}`;
    expect((await call('GET', path, undefined, viewer)).status).toBe(200);
    for (const by of [viewer, member]) {
      for (const [method, where, body] of [
        ['POST', '', { workspace_id: id, provider: 'aws', data }],
        ['PUT', path, { name: 'x' }],
        ['DELETE', path, undefined],
      ] as const) {
        expect((await call(method, where, body, by)).body.code).toBe('FORBIDDEN');
      }
    }
    // Managing workspaces is not using their credentials.
    for (const by of [stranger, manager]) {
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', { name: 'x' }],
        ['DELETE', undefined],
      ] as const) {
        const foreign = await call(method, path, body, by);
        const gone = await call(method, `/${missing}`, body, by);
        expect([foreign.status, foreign.body.code, foreign.body.error]).toEqual([404, gone.body.code, gone.body.error]);
      }
      expect((await create({}, by)).status).toBe(404);
    }
    expect((await call('DELETE', path, undefined, admin)).status).toBe(200);
  });

  it('is renamed without KMS, and sealed anew with one call', async () => {
    const { data: credential } = (await create()).body;
    const put = (body: object, headers = {}) => call('PUT', `/${credential.id}`, body, owner, headers);
    const renamed = await put({ name: 'renamed' }, { 'if-match': '"1"' });
    expect([renamed.body.data.name, renamed.headers.get('etag'), spentOf(renamed).kms]).toEqual(['renamed', '"2"', 0]);
    const replaced = await put({ data: { ...data, region: 'us-gov-east-1' } });
    expect([replaced.headers.get('etag'), spentOf(replaced).kms]).toEqual(['"3"', 1]);
    expect((await put({ name: 'again' }, { 'if-match': '"2"' })).status).toBe(409);
    expect((await put({ is_active: true, name: 'renamed' })).headers.get('etag')).toBe('"3"');
    expect((await put({ provider: 'aws' })).status).toBe(400);
  });

  it('in use can not be deleted, and can be once it is not', async () => {
    const { data: credential } = (await create()).body;
    const used = { workspaceId: id, credentialId: credential.id, provider: 'aws' } as const;
    await tenancy.table.transact([useCredential(used, 2)]);
    await call('PUT', `/${credential.id}`, { name: 'renamed meanwhile' });
    const refused = await call('DELETE', `/${credential.id}`);
    expect([refused.status, refused.body.data]).toEqual([409, { blocking: { vms: 2 } }]);
    await tenancy.table.transact([useCredential(used, -2)]);
    const deleted = await call('DELETE', `/${credential.id}`);
    expect([deleted.status, deleted.body.message]).toEqual([200, 'credential deleted']);
    expect((await call('GET', `/${credential.id}`)).status).toBe(404);
    await expect(tenancy.table.transact([useCredential(used, 1)])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that is not active, or of another provider, serves for nothing new', async () => {
    const { data: credential } = (await create()).body;
    const used = { workspaceId: id, credentialId: credential.id, provider: 'aws' } as const;
    await expect(tenancy.table.transact([useCredential({ ...used, provider: 'gcp' }, 1)])).rejects.toMatchObject({
      messageKey: 'credential.other_provider',
    });
    await tenancy.table.transact([useCredential(used, 1)]);
    await call('PUT', `/${credential.id}`, { is_active: false });
    await expect(tenancy.table.transact([useCredential(used, 1)])).rejects.toMatchObject({
      messageKey: 'credential.inactive',
    });
    await tenancy.table.transact([useCredential(used, -1)]);
    expect((await call('DELETE', `/${credential.id}`)).status).toBe(200);
  });

  it('that a request leaves out is found where there is exactly one', async () => {
    const find = onlyCredentialOf(tenancy.table);
    await expect(find(id, 'aws')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    const { data: first } = (await create()).body;
    expect(await find(id, 'aws')).toMatchObject({ id: first.id });
    expect(await find(id, 'aws')).not.toHaveProperty('sealed');
    const { data: second } = (await create()).body;
    await expect(find(id, 'aws')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await call('PUT', `/${first.id}`, { is_active: false });
    expect(await find(id, 'aws')).toMatchObject({ id: second.id });
  });

  it('is counted by the quota and not made in an inactive workspace', async () => {
    const manager = await tenancy.settle('admin');
    const quota = (body: object) => tenancy.http('PUT', `/workspaces/${id}/quotas`, { token: manager.token, body });
    await quota({ max_credentials: 1 });
    const { data: only } = (await create()).body;
    const refused = await create();
    expect([refused.status, refused.body.data]).toEqual([
      409,
      { reason: 'QUOTA_EXCEEDED', resource: 'credentials', max: 1, used: 1 },
    ]);
    expect((await quota({ max_credentials: 0 })).body.error).toBe('cannot set quota: more is in use already');
    await call('DELETE', `/${only.id}`);
    const next = await create();
    expect([next.status, (await create()).status]).toEqual([201, 409]);
    await call('DELETE', `/${next.body.data.id}`);
    expect((await quota({ max_credentials: 2 })).status).toBe(200);
    await tenancy.http('PUT', `/workspaces/${id}`, { token: owner.token, body: { is_active: false } });
    expect((await create()).body.error).toBe('the workspace is not active');
    expect((await call('GET', '')).status).toBe(200);
  });
});
