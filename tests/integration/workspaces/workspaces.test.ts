import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recentAuditRows } from '../../support/audit-rows.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

const missing = '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a';

describe('a workspace', () => {
  it('is answered as it was made, and found by its members alone', async () => {
    const { http, settle } = tenancy;
    const [owner, stranger] = [await settle(), await settle()];
    const created = await http('POST', '/workspaces', {
      token: owner.token,
      body: { name: '  Team A ', description: 'two\nlines' },
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"1"');
    const { data } = created.body;
    expect(data).toEqual({
      id: expect.any(String),
      name: 'Team A',
      description: 'two\nlines',
      owner_id: owner.id,
      is_active: true,
      version: 1,
      created_at: expect.any(String),
      updated_at: data.created_at,
    });
    expect((await http('GET', `/workspaces/${data.id}`, { token: owner.token })).body.data).toEqual(data);
    const foreign = await http('GET', `/workspaces/${data.id}`, { token: stranger.token });
    const gone = await http('GET', `/workspaces/${missing}`, { token: stranger.token });
    expect(foreign.status).toBe(404);
    const substance = ({ success, error, code, data: details }: typeof foreign.body) => ({
      success,
      error,
      code,
      data: details,
    });
    expect(substance(foreign.body)).toEqual(substance(gone.body));
  });

  it('has its own making, and what a manager does to it, in its own audit log', async () => {
    const { http, settle, found, table } = tenancy;
    const [owner, manager] = [await settle(), await settle('admin')];
    const id = await found(owner);
    const path = `/workspaces/${id}/quotas`;
    expect((await http('PUT', path, { token: manager.token, body: { max_vms: 3 } })).status).toBe(200);
    expect((await http('PUT', path, { token: manager.token, body: {} })).status).toBe(200);
    const rows = await recentAuditRows(table, id);
    expect(rows.map(({ resource, action, workspace_id }) => [resource, action, workspace_id])).toEqual([
      ['workspace', 'create', id],
      ['quota', 'update', id],
      ['quota', 'update', id],
    ]);
  });

  it('refuses a name out of bounds, an unknown field and an unknown query', async () => {
    const { http, settle, found } = tenancy;
    const owner = await settle();
    for (const body of [
      { name: 'ab' },
      { name: 'a'.repeat(101) },
      { name: 'abc', owner_id: owner.id },
      { name: 'abc', description: 'a'.repeat(501) },
    ]) {
      expect((await http('POST', '/workspaces', { token: owner.token, body })).body.code).toBe('VALIDATION_ERROR');
    }
    const unknown = await http('DELETE', `/workspaces/${await found(owner)}?recursive=true`, { token: owner.token });
    expect([unknown.status, unknown.body.data.issues[0].path]).toEqual([400, 'query.recursive']);
  });

  it('has a name of its own among those of its owner, however it is written', async () => {
    const { http, settle } = tenancy;
    const [owner, other] = [await settle(), await settle()];
    const create = (token: string, name: string) => http('POST', '/workspaces', { token, body: { name } });
    expect((await create(owner.token, 'Straße  Eins')).status).toBe(201);
    const again = await create(owner.token, 'ＳＴＲＡＳＳＥ eins');
    expect([again.status, again.body.error]).toEqual([409, 'you already own a workspace with this name']);
    expect((await create(other.token, 'Straße  Eins')).status).toBe(201);
  });

  it('gets a name of any characters that fit, however long they fold', async () => {
    const { http, settle } = tenancy;
    const owner = await settle();
    const created = await http('POST', '/workspaces', { token: owner.token, body: { name: '\ufdfa'.repeat(100) } });
    expect(created.status).toBe(201);
  });

  it('is renamed with its name freed, and keeps its version guarded', async () => {
    const { http, settle, found } = tenancy;
    const owner = await settle();
    const id = await found(owner, 'first name');
    await found(owner, 'second name');
    const put = (body: object, headers = {}) => http('PUT', `/workspaces/${id}`, { token: owner.token, body, headers });
    expect((await put({ name: 'SECOND name' })).body.code).toBe('CONFLICT');
    expect((await put({ name: 'third name' }, { 'if-match': '"7"' })).body.error).toBe(
      'it was changed by someone else meanwhile',
    );
    const renamed = await put({ name: 'third name' }, { 'if-match': '"1"' });
    expect([renamed.status, renamed.headers.get('etag'), renamed.body.data.name]).toEqual([200, '"2"', 'third name']);
    const recased = await put({ name: 'THIRD name' });
    expect([recased.status, recased.body.data.name]).toEqual([200, 'THIRD name']);
    expect((await put({ name: 'THIRD name', description: '', is_active: true })).headers.get('etag')).toBe('"3"');
    expect((await put({})).headers.get('etag')).toBe('"3"');
    expect((await http('POST', '/workspaces', { token: owner.token, body: { name: 'First Name' } })).status).toBe(201);
    expect((await http('POST', '/workspaces', { token: owner.token, body: { name: 'third NAME' } })).status).toBe(409);
  });

  it('is listed by page, order and state', async () => {
    const { http, settle, found } = tenancy;
    const owner = await settle();
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await found(owner, `listed ${String(n).padStart(2, '0')}`));
    await http('PUT', `/workspaces/${ids[0]}`, { token: owner.token, body: { is_active: false } });
    const list = async (query: string) => (await http('GET', `/workspaces${query}`, { token: owner.token })).body.data;
    const first = await list('');
    expect(first.pagination).toEqual({ limit: 10, offset: 0, total: 12, has_next: true, has_prev: false });
    expect(first.workspaces.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed().slice(0, 10));
    expect((await list('?sort=name:asc&limit=2&offset=11')).workspaces.map(({ id }: { id: string }) => id)).toEqual([
      ids[11],
    ]);
    expect((await list('?is_active=false')).pagination.total).toBe(1);
  });

  it('of a user is found by its owner: by itself, and by who manages workspaces', async () => {
    const { http, settle, found, join } = tenancy;
    const [owner, other, manager] = [await settle(), await settle(), await settle('admin')];
    const [first, second] = [await found(owner, 'one'), await found(owner, 'two')];
    const others = await found(other);
    await join(others, owner, 'admin', other);
    await http('PUT', `/workspaces/${second}`, { token: owner.token, body: { is_active: false } });
    const list = (by: Resident, query = '') =>
      http('GET', `/workspaces?owner_id=${owner.id}&sort=name:asc${query}`, { token: by.token });
    for (const by of [owner, manager]) {
      const { status, body } = await list(by);
      expect([status, body.data.workspaces.map(({ id }: { id: string }) => id)]).toEqual([200, [first, second]]);
      expect((await list(by, '&is_active=true')).body.data.pagination.total).toBe(1);
    }
    const refused = await list(other);
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
    const nobodys = `/workspaces?owner_id=${randomUUID()}`;
    expect((await http('GET', nobodys, { token: manager.token })).body.data.workspaces).toEqual([]);
    // Without the filter it is a member's list, a manager's too.
    expect((await http('GET', '/workspaces', { token: manager.token })).body.data.workspaces).toEqual([]);
    await join(first, other, 'owner', owner);
    await http('DELETE', `/workspaces/${first}/members/${owner.id}`, { token: owner.token });
    expect((await list(manager)).body.data.workspaces.map(({ id }: { id: string }) => id)).toEqual([second]);
  });

  it('that is not active lets nobody in and can be read', async () => {
    const { http, settle, found } = tenancy;
    const [owner, other] = [await settle(), await settle()];
    const id = await found(owner);
    await http('PUT', `/workspaces/${id}`, { token: owner.token, body: { is_active: false } });
    const added = await http('POST', `/workspaces/${id}/members`, {
      token: owner.token,
      body: { user_id: other.id, role: 'member' },
    });
    expect([added.status, added.body.error]).toEqual([409, 'the workspace is not active']);
    expect((await http('GET', `/workspaces/${id}`, { token: owner.token })).body.data.is_active).toBe(false);
    await http('PUT', `/workspaces/${id}`, { token: owner.token, body: { is_active: true } });
    expect(
      (
        await http('POST', `/workspaces/${id}/members`, {
          token: owner.token,
          body: { user_id: other.id, role: 'member' },
        })
      ).status,
    ).toBe(200);
  });

  it('of anybody is seen, renamed and deleted by who manages workspaces', async () => {
    const { http, settle, found, principalOf } = tenancy;
    const [owner, manager] = [await settle(), await settle('admin')];
    const id = await found(owner, 'managed');
    await found(owner, 'taken');
    expect((await http('GET', `/workspaces/${id}`, { token: manager.token })).status).toBe(200);
    const taken = await http('PUT', `/workspaces/${id}`, { token: manager.token, body: { name: 'taken' } });
    expect(taken.body.error).toBe('the owner of this workspace already owns one with this name');
    expect((await http('PUT', `/workspaces/${id}`, { token: manager.token, body: { name: 'renamed' } })).status).toBe(
      200,
    );
    expect((await http('GET', `/workspaces/${missing}`, { token: manager.token })).status).toBe(404);
    expect((await http('DELETE', `/workspaces/${id}`, { token: manager.token })).status).toBe(200);
    expect((await principalOf(owner))['owned']).toBe(1);
  });

  it('can not be made by a system viewer', async () => {
    const viewer = await tenancy.settle('viewer');
    const refused = await tenancy.http('POST', '/workspaces', { token: viewer.token, body: { name: randomUUID() } });
    expect(refused.body.code).toBe('FORBIDDEN');
  });
});

describe('quotas', () => {
  it('are read by members, set by who manages workspaces, and guarded by their version', async () => {
    const { http, settle, found } = tenancy;
    const [owner, manager] = [await settle(), await settle('admin')];
    const id = await found(owner);
    const read = await http('GET', `/workspaces/${id}/quotas`, { token: owner.token });
    expect([read.body.data, read.headers.get('etag')]).toEqual([
      { max_vms: 20, max_vcpus: 64, max_credentials: 50 },
      '"1"',
    ]);
    const put = (token: string, body: object, headers = {}) =>
      http('PUT', `/workspaces/${id}/quotas`, { token, body, headers });
    expect((await put(owner.token, { max_vms: 30 })).body.code).toBe('FORBIDDEN');
    const set = await put(manager.token, { max_vms: 30, max_credentials: 0 }, { 'if-match': '"1"' });
    expect([set.body.data, set.headers.get('etag')]).toEqual([
      { max_vms: 30, max_vcpus: 64, max_credentials: 0 },
      '"2"',
    ]);
    expect((await put(manager.token, { max_vms: 31 }, { 'if-match': '"1"' })).body.code).toBe('CONFLICT');
    expect((await put(manager.token, { max_vms: 30 })).headers.get('etag')).toBe('"2"');
    expect((await http('GET', `/workspaces/${id}/quotas`, { token: owner.token })).body.data.max_vms).toBe(30);
    expect((await http('PUT', `/workspaces/${missing}/quotas`, { token: manager.token, body: {} })).status).toBe(404);
  });
});
