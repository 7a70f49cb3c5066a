import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VmRecord } from '../../../functions/compute/domain/vm.ts';
import { toDeletedVmItem, toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { type Http, spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { vmRecord } from '../../unit/compute/vm-record.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createComputeHttp } from './compute-api.ts';

const now = new Date('2026-02-10T12:00:00.000Z');

let backend: Backend;
let tenancy: Tenancy;
let http: Http;
let owner: Resident;
let first: string;
let second: string;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  http = createComputeHttp(tenancy, { now: () => now });
  owner = await tenancy.settle();
  [first, second] = [await tenancy.found(owner), await tenancy.found(owner)];
  const stranger = await tenancy.settle();
  const elsewhere = await tenancy.found(stranger);
  const vms: [string, Partial<VmRecord>][] = [
    [first, { name: 'web-1', status: 'running', instance_id: 'i-aaa', tags: { env: 'prod', team: 'a' } }],
    [first, { name: 'web-2', status: 'stopped', public_ip: '203.0.113.5', tags: { env: 'test' } }],
    [first, { name: 'batch', status: 'error', region: 'us-east-1' }],
    [second, { name: 'web-3', status: 'running', tags: { env: 'prod' } }],
    [elsewhere, { name: 'web-foreign', status: 'running' }],
  ];
  for (const [at, [workspace_id, given]] of vms.entries()) {
    const created_at = `2026-02-0${at + 1}T00:00:00.000Z`;
    await backend.table.write({ put: toVmItem(vmRecord({ id: uuidv7(), workspace_id, created_at, ...given })) });
  }
  const gone = (name: string, hours: number) => {
    const at = new Date(now.getTime() - hours * 3_600_000);
    const deleted = vmRecord({
      id: uuidv7(),
      workspace_id: first,
      name,
      status: 'deleted',
      deleted_at: at.toISOString(),
    });
    return backend.table.write({ put: toDeletedVmItem(deleted, at) });
  };
  await gone('gone-lately', 23);
  await gone('gone-long-since', 25);
}, 60_000);
afterAll(() => backend?.stop());

const list = async (query = '') => {
  const { body, status } = await http('GET', `/vms?${query}`, { token: owner.token });
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.data as { vms: { name: string; id: string; status: string }[]; pagination: object };
};
const names = async (query?: string) => (await list(query)).vms.map(({ name }) => name);

describe('the list of VMs', () => {
  it('spans the caller’s workspaces and no other, the newest first', async () => {
    expect(await names()).toEqual(['web-3', 'batch', 'web-2', 'web-1']);
    expect(await names(`workspace_id=${first}`)).toEqual(['batch', 'web-2', 'web-1']);
  });

  it('filters, each filter by any of its values', async () => {
    expect(await names('status=running')).toEqual(['web-3', 'web-1']);
    expect(await names('status=running&status=error')).toEqual(['web-3', 'batch', 'web-1']);
    expect(await names('region=us-east-1')).toEqual(['batch']);
    expect(await names('provider=AWS&sort=name:asc')).toEqual(['batch', 'web-1', 'web-2', 'web-3']);
    expect(await names('provider=gcp')).toEqual([]);
  });

  it('finds by name, instance id and address, in any case', async () => {
    expect(await names('q=WEB')).toEqual(['web-3', 'web-2', 'web-1']);
    expect([await names('q=i-aaa'), await names('q=113.5')]).toEqual([['web-1'], ['web-2']]);
  });

  it('finds by tags, all of which must fit', async () => {
    expect(await names('tag=env')).toEqual(['web-3', 'web-2', 'web-1']);
    expect(await names('tag=env%3Dprod')).toEqual(['web-3', 'web-1']);
    expect(await names('tag=env%3Dprod&tag=team%3Da')).toEqual(['web-1']);
    expect(await names('tag=prod')).toEqual([]);
  });

  it('sorts and pages', async () => {
    const { vms, pagination } = await list('sort=name:desc&limit=2&offset=1');
    expect(vms.map(({ name }) => name)).toEqual(['web-2', 'web-1']);
    expect(pagination).toEqual({ limit: 2, offset: 1, total: 4, has_next: true, has_prev: true });
    expect(await names('sort=status:asc')).toEqual(['batch', 'web-1', 'web-3', 'web-2']);
  });

  it('refuses what it does not know', async () => {
    for (const query of ['status=off', 'sort=region:asc', 'limit=101', 'workspace=x']) {
      expect((await http('GET', `/vms?${query}`, { token: owner.token })).body.code).toBe('VALIDATION_ERROR');
    }
  });
});

describe('a deleted VM', () => {
  it('is listed for a day, when it is asked for', async () => {
    expect(await names('status=deleted')).toEqual(['gone-lately']);
    expect((await names('status=deleted&status=error')).toSorted()).toEqual(['batch', 'gone-lately']);
  });

  it('is read for a day, and allows nothing', async () => {
    const [vm] = (await list('status=deleted')).vms;
    const read = await http('GET', `/vms/${vm?.id}`, { token: owner.token });
    expect([read.status, read.body.data.status]).toEqual([200, 'deleted']);
    const refused = await http('POST', `/vms/${vm?.id}/start`, { token: owner.token });
    expect([refused.status, refused.body.data]).toEqual([409, { status: 'deleted', allowed: [] }]);
    const tomorrow = createComputeHttp(tenancy, { now: () => new Date(now.getTime() + 2 * 3_600_000) });
    expect((await tomorrow('GET', `/vms/${vm?.id}`, { token: owner.token })).status).toBe(404);
  });

  it('costs nothing in a list that does not ask for it', async () => {
    const busy = await tenancy.found(owner);
    for (let n = 0; n < 40; n += 1) {
      const deleted = vmRecord({ id: uuidv7(), workspace_id: busy, status: 'deleted', deleted_at: now.toISOString() });
      await backend.table.write({ put: toDeletedVmItem(deleted, now) });
    }
    const spent = async (query: string) =>
      spentOf(await http('GET', `/vms?workspace_id=${busy}${query}`, { token: owner.token })).rcu;
    expect([await spent(''), (await spent('&status=deleted')) > 3]).toEqual([1, true]);
  });
});
