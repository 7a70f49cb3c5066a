import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../../functions/platform/table/index.ts';
import { createDepartures } from '../../../functions/workspaces/index.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { beforeItWrites, betweenItsReads } from './meanwhile.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;
let founder: Resident;
let second: Resident;
let third: Resident;
let id: string;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  [founder, second, third] = [await tenancy.settle(), await tenancy.settle(), await tenancy.settle()];
  id = await tenancy.found(founder, 'the workspace');
});

const data = { access_key: 'AKIAMEANWHILE0000000', secret_key: 'meanwhile', region: 'eu-west-1' };
const over = (table: Table) => createTenancy(backend, { table });
const leave = ({ http }: Tenancy, { id: user, token }: Resident) =>
  http('DELETE', `/workspaces/${id}/members/${user}`, { token });
const remove = ({ http }: Tenancy) => http('DELETE', `/workspaces/${id}`, { token: founder.token });

const meanwhile: Record<string, () => Promise<unknown>> = {
  'somebody joins': () => tenancy.join(id, third, 'viewer', founder),
  'somebody leaves': () => leave(tenancy, second),
  'somebody gets another role': () =>
    tenancy.http('PUT', `/workspaces/${id}/members/${second.id}`, { token: founder.token, body: { role: 'viewer' } }),
  'a credential is stored': () =>
    tenancy.http('POST', '/credentials', { token: founder.token, body: { workspace_id: id, provider: 'aws', data } }),
  'it is renamed': () => tenancy.http('PUT', `/workspaces/${id}`, { token: founder.token, body: { name: 'renamed' } }),
};

describe('a workspace that is being deleted while', () => {
  const expectGone = async () => {
    expect(await tenancy.rowsOf(id)).toEqual([]);
    for (const person of [founder, second, third]) expect((await tenancy.principalOf(person))['ws']).toEqual({});
    await tenancy.found(founder, 'the workspace');
    await tenancy.found(founder, 'renamed');
  };

  beforeEach(() => tenancy.join(id, second, 'member', founder));

  it.each(Object.entries(meanwhile))('%s, after it was looked at, leaves nothing behind', async (_, happens) => {
    expect((await remove(over(beforeItWrites(tenancy.table, happens)))).status).toBe(200);
    await expectGone();
  });

  it.each(Object.entries(meanwhile))('%s, as it is looked at, leaves nothing behind', async (_, happens) => {
    expect((await remove(over(betweenItsReads(tenancy.table, 'QUOTA', happens)))).status).toBe(200);
    await expectGone();
  });

  it('it is renamed, is not deleted by who asked for the version before', async () => {
    const renamed = over(beforeItWrites(tenancy.table, () => meanwhile['it is renamed']?.() as Promise<HttpAnswer>));
    const headers = { 'if-match': '"1"' };
    const refused = await renamed.http('DELETE', `/workspaces/${id}`, { token: founder.token, headers });
    expect([refused.status, refused.body.data]).toEqual([409, { version: 2 }]);
  });
});

describe('a workspace whose owners leave', () => {
  beforeEach(async () => {
    await tenancy.join(id, second, 'owner', founder);
    await tenancy.join(id, third, 'owner', founder);
  });

  const ownerOf = async () => (await tenancy.rowsOf(id)).find(({ sk }) => sk === 'WS')?.['owner_id'];

  it('is never handed to one who is leaving', async () => {
    const answer = await leave(over(beforeItWrites(tenancy.table, () => leave(tenancy, second))), founder);
    expect([answer.status, answer.body.error]).toEqual([409, 'it was changed by someone else meanwhile']);
    expect(await ownerOf()).toBe(founder.id);
    expect((await leave(tenancy, founder)).status).toBe(200);
    expect(await ownerOf()).toBe(third.id);
  });

  it('is not left by one to whom it has just been handed', async () => {
    const answer = await leave(over(beforeItWrites(tenancy.table, () => leave(tenancy, founder))), second);
    expect([answer.status, await ownerOf()]).toEqual([409, second.id]);
    expect((await leave(tenancy, second)).status).toBe(200);
    expect(await ownerOf()).toBe(third.id);
  });

  it('counts an owner out once, however many send it away or down at once', async () => {
    const regrade = ({ http }: Tenancy, role: string) =>
      http('PUT', `/workspaces/${id}/members/${third.id}`, { token: founder.token, body: { role } });
    const twice = [
      await regrade(over(beforeItWrites(tenancy.table, () => regrade(tenancy, 'viewer'))), 'admin'),
      await regrade(over(beforeItWrites(tenancy.table, () => regrade(tenancy, 'owner'))), 'member'),
      await leave(over(beforeItWrites(tenancy.table, () => regrade(tenancy, 'admin'))), third),
    ];
    expect(twice.map(({ status }) => status)).toEqual([409, 409, 409]);
    const rows = await tenancy.rowsOf(id);
    expect(rows.find(({ sk }) => sk === 'QUOTA')).toMatchObject({ owners: 2, members: 3 });
  });

  it('is not left by a user who is being deleted and to whom it has just been handed', async () => {
    await leave(tenancy, founder);
    const { leave: depart } = createDepartures(tenancy.table);
    await expect(depart(second.id, id, 'owner')).rejects.toMatchObject({ messageKey: 'version.stale' });
    await depart(third.id, id, 'owner');
    const rows = await tenancy.rowsOf(id);
    expect(rows.find(({ sk }) => sk === 'QUOTA')).toMatchObject({ owners: 1, members: 1 });
    expect((await tenancy.principalOf(third))['ws']).toEqual({});
  });

  it('is counted for the one who has it, and for nobody else', async () => {
    await leave(tenancy, founder);
    const owned = await Promise.all(
      [founder, second, third].map(async (person) => (await tenancy.principalOf(person))['owned']),
    );
    expect(owned).toEqual([0, 1, 0]);
  });
});
