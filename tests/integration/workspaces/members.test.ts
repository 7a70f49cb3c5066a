import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;
let owner: Resident;
let admin: Resident;
let member: Resident;
let viewer: Resident;
let stranger: Resident;
let id: string;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  [owner, admin, member, viewer, stranger] = (await Promise.all(
    ['owner', 'admin', 'member', 'viewer', 'stranger'].map((name) => tenancy.settle('user', name)),
  )) as [Resident, Resident, Resident, Resident, Resident];
  id = await tenancy.found(owner, 'the workspace');
  await tenancy.join(id, admin, 'admin', owner);
  await tenancy.join(id, member, 'member', owner);
  await tenancy.join(id, viewer, 'viewer', owner);
});

const add = (by: Resident, body: object) =>
  tenancy.http('POST', `/workspaces/${id}/members`, { token: by.token, body });
const regrade = (by: Resident, whom: Resident, role: string) =>
  tenancy.http('PUT', `/workspaces/${id}/members/${whom.id}`, { token: by.token, body: { role } });
const remove = (by: Resident, whom: Resident) =>
  tenancy.http('DELETE', `/workspaces/${id}/members/${whom.id}`, { token: by.token });
const look = (by: Resident) => tenancy.http('GET', `/workspaces/${id}`, { token: by.token });

describe('members', () => {
  it('are listed with name, address, role and the time they joined', async () => {
    const { body } = await tenancy.http('GET', `/workspaces/${id}/members`, { token: viewer.token });
    expect(body.data.pagination.total).toBe(4);
    expect(body.data.members[0]).toEqual({
      user_id: owner.id,
      email: owner.email,
      name: 'owner',
      role: 'owner',
      joined_at: expect.any(String),
      version: 1,
    });
    const sorted = await tenancy.http('GET', `/workspaces/${id}/members?sort=email:desc&limit=2`, {
      token: viewer.token,
    });
    expect(sorted.body.data.members.map(({ name }: { name: string }) => name)).toEqual(['viewer', 'owner']);
  });

  it('are added by id or address, with effect from the next request on', async () => {
    expect((await look(stranger)).status).toBe(404);
    const added = await add(admin, { email: stranger.email.toUpperCase(), role: 'viewer' });
    expect([added.status, added.body.message, 'data' in added.body]).toEqual([200, 'member added', false]);
    expect((await look(stranger)).status).toBe(200);
    expect((await remove(admin, stranger)).status).toBe(200);
    expect((await look(stranger)).status).toBe(404);
    expect((await add(admin, { user_id: stranger.id, role: 'member' })).status).toBe(200);
    expect((await look(stranger)).status).toBe(200);
  });

  it('that nobody is, or that are members already, are refused', async () => {
    expect((await add(admin, { user_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a', role: 'viewer' })).body.code).toBe(
      'NOT_FOUND',
    );
    expect((await add(admin, { email: 'nobody@example.com', role: 'viewer' })).body.code).toBe('NOT_FOUND');
    const again = await add(admin, { user_id: viewer.id, role: 'member' });
    expect([again.status, again.body.error]).toEqual([409, 'this user is a member already']);
    expect((await look(viewer)).status).toBe(200);
    const both = await add(admin, { user_id: stranger.id, email: stranger.email, role: 'viewer' });
    expect(both.body.code).toBe('VALIDATION_ERROR');
  });

  it('are handled by admins up to admin; owners by owners alone', async () => {
    expect((await add(member, { user_id: stranger.id, role: 'viewer' })).body.code).toBe('FORBIDDEN');
    expect((await add(admin, { user_id: stranger.id, role: 'owner' })).body.code).toBe('FORBIDDEN');
    expect((await regrade(admin, admin, 'owner')).body.code).toBe('FORBIDDEN');
    expect((await regrade(admin, owner, 'member')).body.code).toBe('FORBIDDEN');
    expect((await remove(admin, owner)).body.code).toBe('FORBIDDEN');
    expect((await remove(member, viewer)).body.code).toBe('FORBIDDEN');
    expect((await regrade(admin, member, 'admin')).status).toBe(200);
    expect((await regrade(admin, member, 'admin')).status).toBe(200);
    expect((await regrade(owner, member, 'owner')).status).toBe(200);
    expect((await regrade(member, owner, 'viewer')).status).toBe(200);
    expect((await regrade(owner, viewer, 'member')).body.code).toBe('FORBIDDEN');
    expect((await remove(stranger, viewer)).body.code).toBe('NOT_FOUND');
    expect((await regrade(member, stranger, 'viewer')).body.code).toBe('NOT_FOUND');
  });

  it('get another role under the version that was seen', async () => {
    const put = (role: string, version?: string) =>
      tenancy.http('PUT', `/workspaces/${id}/members/${viewer.id}`, {
        token: owner.token,
        body: { role },
        headers: version === undefined ? {} : { 'if-match': version },
      });
    const tagOf = (answer: HttpAnswer) => [answer.status, answer.headers.get('etag')];
    expect(tagOf(await put('member', '"1"'))).toEqual([200, '"2"']);
    expect(tagOf(await put('member', '"2"'))).toEqual([200, '"2"']);
    expect(tagOf(await put('admin'))).toEqual([200, '"3"']);
    const stale = await put('viewer', '"2"');
    expect([stale.status, stale.body.data]).toEqual([409, { version: 3 }]);
    // A new name is not of the role.
    await tenancy.notify({ type: 'member_added', workspace_id: id, user_id: viewer.id });
    expect(tagOf(await put('viewer', '"3"'))).toEqual([200, '"4"']);
    const { body } = await tenancy.http('GET', `/workspaces/${id}/members`, { token: owner.token });
    const row = body.data.members.find(({ user_id }: { user_id: string }) => user_id === viewer.id);
    expect([row.role, row.version]).toEqual(['viewer', 4]);
  });

  it('of rows that have no version yet are of the first', async () => {
    const row = { pk: `WS#${id}`, sk: `MEMBER#${viewer.id}` };
    await tenancy.table.write({ update: row, change: { text: 'REMOVE #version' } });
    const put = (role: string, version: string) =>
      tenancy.http('PUT', `/workspaces/${id}/members/${viewer.id}`, {
        token: owner.token,
        body: { role },
        headers: { 'if-match': version },
      });
    expect((await put('member', '"1"')).headers.get('etag')).toBe('"2"');
    expect((await put('viewer', '"1"')).status).toBe(409);
    expect((await remove(owner, viewer)).status).toBe(200);
  });

  it('may leave by themselves', async () => {
    expect((await remove(viewer, viewer)).status).toBe(200);
    expect((await look(viewer)).status).toBe(404);
  });

  it('of any workspace are managed by who manages workspaces', async () => {
    const manager = await tenancy.settle('admin');
    expect((await add(manager, { user_id: stranger.id, role: 'owner' })).status).toBe(200);
    expect((await remove(manager, owner)).status).toBe(200);
    expect((await remove(manager, stranger)).body.error).toBe('a workspace keeps at least one owner');
  });
});

describe('the last owner', () => {
  it('can neither go nor step down', async () => {
    for (const refused of [await remove(owner, owner), await regrade(owner, owner, 'admin')]) {
      expect([refused.status, refused.body.error]).toEqual([409, 'a workspace keeps at least one owner']);
    }
    expect((await look(owner)).status).toBe(200);
  });

  it('is whoever is left: the workspace, its name and its count pass on', async () => {
    await regrade(owner, admin, 'owner');
    await regrade(owner, member, 'owner');
    expect((await remove(owner, owner)).status).toBe(200);
    const { data } = (await look(admin)).body;
    expect([data.owner_id, data.version]).toEqual([admin.id, 2]);
    expect([(await tenancy.principalOf(owner))['owned'], (await tenancy.principalOf(admin))['owned']]).toEqual([0, 1]);
    const create = (by: Resident) =>
      tenancy.http('POST', '/workspaces', { token: by.token, body: { name: 'THE workspace' } });
    expect((await create(owner)).status).toBe(201);
    expect((await create(admin)).status).toBe(409);
    expect((await create(member)).status).toBe(201);
    expect((await regrade(member, admin, 'viewer')).body.error).toMatch(/cannot hand over the workspace/);
    expect((await remove(member, member)).status).toBe(200);
    expect((await remove(admin, admin)).status).toBe(409);
  });
});

describe('a refusal', () => {
  const rowOf = async (scope: string, { body }: HttpAnswer) => {
    const rows = await tenancy.table.queryAll({ pk: `AUDIT#${scope}#${body.timestamp.slice(0, 7)}` });
    const found = rows.find((row) => row['request_id'] === body.request_id);
    return found && [found['resource'], found['resource_id'], found['workspace_id'], found['status']];
  };

  it('of a member stands in its workspace’s audit log, and names what was asked for', async () => {
    const { http, settle, join } = tenancy;
    const watcher = await settle('viewer');
    await join(id, watcher, 'admin', owner);
    const refused: [HttpAnswer, unknown[]][] = [
      [await regrade(admin, owner, 'member'), ['member', owner.id, id, 403]],
      [await remove(viewer, owner), ['member', owner.id, id, 403]],
      [await add(viewer, { user_id: stranger.id, role: 'viewer' }), ['member', undefined, id, 403]],
      [await http('PUT', `/workspaces/${id}`, { token: owner.token, body: { nam: 'x' } }), ['workspace', id, id, 400]],
      [await http('DELETE', `/workspaces/${id}`, { token: watcher.token }), ['workspace', id, id, 403]],
      [await http('PUT', `/workspaces/${id}/quotas`, { token: owner.token, body: {} }), ['quota', id, id, 403]],
    ];
    for (const [answer, row] of refused) expect(await rowOf(id, answer)).toEqual(row);
  });

  it('of a stranger stands in its own, also where it names the workspace', async () => {
    const answers = [
      await tenancy.http('PUT', `/workspaces/${id}`, { token: stranger.token, body: { nam: 'x' } }),
      await remove(stranger, owner),
    ];
    const rows = [
      ['workspace', id, undefined, 400],
      ['member', owner.id, undefined, 404],
    ];
    for (const [at, answer] of answers.entries()) {
      expect(await rowOf(id, answer)).toBeUndefined();
      expect(await rowOf(stranger.id, answer)).toEqual(rows[at]);
    }
  });
});
