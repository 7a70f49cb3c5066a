import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogCaches } from '../../../functions/compute/catalog/caches.ts';
import { createOrphanStore } from '../../../functions/compute/store/orphan-store.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import type { Http } from '../../support/http-client.ts';
import { spentOf } from '../../support/http-client.ts';
import type { Logged } from '../../support/in-process-api.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { credentialData, storeCredential } from '../compute/compute-api.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createCatalogHttp } from './catalog-api.ts';
import { createFakeCatalog, type FakeCatalog } from './fake-catalog.ts';

let backend: Backend;
let tenancy: Tenancy;
beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
});
afterAll(() => backend?.stop());

let fake: FakeCatalog;
let http: Http;
let unanswered: number;
let now: Date;
const logged: Logged[] = [];
const seen = {
  workspace_id: randomUUID(),
  credential_id: randomUUID(),
  region: 'any-1',
  instance_id: 'i-1',
  vm_id: randomUUID(),
  state: 'on',
  created_at: null,
  last_seen: '2026-01-02T00:00:00.000Z',
};

/** Seen once, so first when it was seen last. */
const orphan = { ...seen, first_seen: seen.last_seen };

beforeEach(() => {
  fake = createFakeCatalog();
  now = new Date();
  unanswered = 0;
  http = createCatalogHttp(backend, {
    catalog: fake,
    unanswered: () => {
      unanswered += 1;
    },
    table: tenancy.table,
    now: () => now,
    logged,
  });
});

/** A region that nobody else has read. */
const newRegion = () => `r-${randomUUID().slice(0, 8)}`;

interface Place {
  owner: Resident;
  member: Resident;
  viewer: Resident;
  workspaceId: string;
  credentialId: string;
}

async function setPlace(): Promise<Place> {
  const [owner, member, viewer] = [await tenancy.settle(), await tenancy.settle(), await tenancy.settle()];
  const workspaceId = await tenancy.found(owner);
  await tenancy.join(workspaceId, member, 'member', owner);
  await tenancy.join(workspaceId, viewer, 'viewer', owner);
  return { owner, member, viewer, workspaceId, credentialId: await storeCredential(tenancy, owner, workspaceId) };
}

const get = (path: string, { token }: Resident) => http('GET', `/providers/aws${path}`, { token });
const outcome = async (path: string, who: Resident) => {
  const { status, body } = await get(path, who);
  return body.success ? status : `${status} ${body.code}`;
};

describe('providers', () => {
  it('are those that work, found by their names in any case', async () => {
    const { owner } = await setPlace();
    const { body } = await http('GET', '/providers', { token: owner.token });
    const aws = { name: 'aws', display_name: 'The fake', version: '1.0.0', capabilities: ['instances', 'regions'] };
    expect(body.data).toEqual({ providers: [aws] });
    expect((await http('GET', '/providers/AWS', { token: owner.token })).body.data).toEqual(aws);
    for (const name of ['gcp', 'constructor', 'nimbus']) {
      expect((await http('GET', `/providers/${name}`, { token: owner.token })).body.code).toBe('NOT_FOUND');
      expect((await http('GET', `/providers/${name}/regions`, { token: owner.token })).body.code).toBe('NOT_FOUND');
    }
  });
});

describe('the instances of an account', () => {
  it('are read with the workspace’s credential, in its own region unless another is named', async () => {
    const { member, workspaceId } = await setPlace();
    fake.instances.set('i-1', {
      id: 'i-1',
      name: 'web',
      status: 'running',
      type: 'small',
      region: 'any-1',
      public_ip: null,
      private_ip: '10.0.0.1',
      created_at: '2026-01-01T00:00:00.000Z',
    });
    const list = await get(`/instances?workspace_id=${workspaceId}`, member);
    expect(list.body.data).toEqual([...fake.instances.values()]);
    expect(fake.secrets).toEqual([credentialData]);
    expect((await get(`/instances/i-1?workspace_id=${workspaceId}`, member)).body.data.name).toBe('web');
    expect(await outcome(`/instances/i-2?workspace_id=${workspaceId}`, member)).toBe('404 NOT_FOUND');
  });

  it('are for members of the credential’s workspace, whatever their role, and never for who manages workspaces', async () => {
    const { viewer, member, workspaceId, credentialId } = await setPlace();
    const [stranger, admin] = [await tenancy.settle(), await tenancy.settle('admin')];
    for (const query of [`workspace_id=${workspaceId}`, `credential_id=${credentialId}`]) {
      expect(await outcome(`/instances?${query}`, member)).toBe(200);
      expect(await outcome(`/instances?${query}`, viewer)).toBe(200);
      expect(await outcome(`/instances?${query}`, stranger)).toBe('404 NOT_FOUND');
      expect(await outcome(`/instances?${query}`, admin)).toBe('404 NOT_FOUND');
    }
    expect(fake.secrets).toHaveLength(4);
  });

  it('go by the only credential in reach, and by none where there are several or none', async () => {
    const place = await setPlace();
    expect(await outcome('/instances', place.member)).toBe(200);
    expect(await outcome('/instances', place.viewer)).toBe(200);
    expect(await outcome('/instances', await tenancy.settle())).toBe('400 VALIDATION_ERROR');
    const second = await storeCredential(tenancy, place.owner, place.workspaceId);
    const several = await get('/instances', place.member);
    expect(several.body.data.issues).toEqual([
      { path: 'query.credential_id', message: expect.stringContaining('several active aws credentials') },
    ]);
    expect(await outcome(`/instances?credential_id=${second}`, place.member)).toBe(200);
    const body = { is_active: false };
    await tenancy.http('PUT', `/credentials/${second}`, { token: place.owner.token, body });
    expect(await outcome('/instances', place.member)).toBe(200);
    expect(await outcome(`/instances?credential_id=${second}`, place.member)).toBe('409 CONFLICT');
    const other = await setPlace();
    const foreign = `/instances?workspace_id=${place.workspaceId}&credential_id=${other.credentialId}`;
    expect(await outcome(foreign, place.member)).toBe('404 NOT_FOUND');
  });

  it('cost three trips and one call of KMS', async () => {
    const { member, workspaceId } = await setPlace();
    await get(`/instances?workspace_id=${workspaceId}`, member);
    const spent = spentOf(await get(`/instances?workspace_id=${workspaceId}`, member));
    expect(spent).toMatchObject({ trips: 3, wcu: 2, kms: 1 });
  });

  it('leave a row that names the workspace whose credential was used', async () => {
    const { member, workspaceId, credentialId } = await setPlace();
    await get(`/instances?credential_id=${credentialId}`, member);
    const rows = await recentAuditRows(backend.table, workspaceId);
    expect(rows.find(({ resource }) => resource === 'instance')).toMatchObject({ action: 'list', success: true });
  });

  it('that the provider refuses are no error of ours, and say why', async () => {
    const { member, workspaceId } = await setPlace();
    const expected = [
      ['CredentialRejected', 409, 'CREDENTIAL_REJECTED'],
      ['ProviderRefused', 409, 'PROVIDER_REFUSED'],
      ['ProviderThrottled', 503, 'PROVIDER_THROTTLED'],
      ['ProviderUnavailable', 503, 'PROVIDER_UNAVAILABLE'],
    ] as const;
    for (const [fault, status, reason] of expected) {
      fake.faults.push(fault);
      const answer = await get(`/instances?workspace_id=${workspaceId}`, member);
      expect([answer.status, answer.body.data.reason]).toEqual([status, reason]);
      expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    }
    expect(fake.faults).toEqual([]);
  });

  it('of a credential that does not open are refused as one that is rejected', async () => {
    const { member, workspaceId, credentialId } = await setPlace();
    const item = await backend.table.get({ pk: `WS#${workspaceId}`, sk: `CREDENTIAL#${credentialId}` });
    await backend.table.write({ put: { ...item, secret_version: 7 } as never });
    const { body } = await get(`/instances?workspace_id=${workspaceId}`, member);
    expect([body.code, body.data.reason]).toEqual(['CONFLICT', 'CREDENTIAL_REJECTED']);
    expect(JSON.stringify(body)).not.toContain(credentialData.secret_key);
  });
});

describe('regions', () => {
  it('are the known ones for who names no account, and the account’s for who does', async () => {
    const [{ viewer, workspaceId }, loner] = [await setPlace(), await tenancy.settle()];
    expect((await get('/regions', loner)).body.data).toEqual([{ name: 'any-1', display_name: 'Anywhere' }]);
    expect(fake.reads).toEqual([]);
    const own = await get(`/regions?workspace_id=${workspaceId}`, viewer);
    expect(own.body.data.map(({ name }: { name: string }) => name)).toContain(credentialData.region);
    expect(fake.reads).toEqual(['regions']);
  });
});

describe('what is the same for everybody', () => {
  it('is asked of the provider once, and then answered to anybody, without a credential', async () => {
    const [{ viewer, workspaceId }, loner, region] = [await setPlace(), await tenancy.settle(), newRegion()];
    fake.prices.listed.set(region, new Map([['small', { hourly: '0.012', currency: 'USD' }]]));
    expect(await outcome(`/instance-types?region=${region}`, loner)).toBe('400 VALIDATION_ERROR');
    const types = [
      { name: 'big', vcpus: 8, memory_mb: 32_768, gpu: 0, hourly_cost: null, currency: null },
      { name: 'small', vcpus: 1, memory_mb: 1_024, gpu: 0, hourly_cost: 0.012, currency: 'USD' },
    ];
    const first = await get(`/instance-types?region=${region}&workspace_id=${workspaceId}`, viewer);
    expect(first.body.data).toEqual(types);
    const again = await get(`/instance-types?region=${region}&workspace_id=${workspaceId}`, viewer);
    expect(again.body.data).toEqual(types);
    expect(spentOf(again)).toMatchObject({ trips: 3, wcu: 2, kms: 0 });
    expect((await get(`/instance-types?region=${region}`, loner)).body.data).toEqual(types);
    expect([fake.reads, fake.prices.calls, fake.secrets.length]).toEqual([['instanceTypes'], 1, 1]);
  });

  it('is not so of images: an account may be allowed only some', async () => {
    const [{ viewer, workspaceId }, other, region] = [await setPlace(), await setPlace(), newRegion()];
    const images = async (who: Resident, id: string) =>
      (await get(`/images?region=${region}&workspace_id=${id}`, who)).body.data;
    expect(await images(viewer, workspaceId)).toHaveLength(1);
    fake.images = [];
    expect(await images(other.viewer, other.workspaceId)).toEqual([]);
    expect(await images(viewer, workspaceId)).toHaveLength(1);
    const again = await get(`/images?region=${region}&workspace_id=${workspaceId}`, viewer);
    expect([fake.reads.length, spentOf(again).kms]).toEqual([2, 0]);
    expect(await outcome(`/images?region=${region}`, await tenancy.settle())).toBe('400 VALIDATION_ERROR');
  });

  it('is asked again after a day; where the provider is down the old answer stands', async () => {
    const [{ viewer, workspaceId }, region] = [await setPlace(), newRegion()];
    const path = `/images?region=${region}&workspace_id=${workspaceId}`;
    expect(await outcome(path, viewer)).toBe(200);
    now = new Date(now.getTime() + 25 * 3_600_000);
    fake.faults.push('ProviderUnavailable');
    const old = await get(path, viewer);
    expect([old.status, old.body.data[0].family, fake.reads.length]).toEqual([200, 'linux', 2]);
    fake.faults.push('CredentialRejected');
    expect(await outcome(path, viewer)).toBe('409 CONFLICT');
    expect(await outcome(path, viewer)).toBe(200);
    expect(fake.reads.length).toBe(4);
    expect(await outcome(path, viewer)).toBe(200);
    expect(fake.reads.length).toBe(4);
  });

  it('has a named credential judged, whatever is cached', async () => {
    const [{ viewer, credentialId, workspaceId }, stranger, region] = [
      await setPlace(),
      await tenancy.settle(),
      newRegion(),
    ];
    await get(`/images?region=${region}&workspace_id=${workspaceId}`, viewer);
    expect(await outcome(`/images?region=${region}&credential_id=${credentialId}`, viewer)).toBe(200);
    expect(await outcome(`/images?region=${region}&credential_id=${credentialId}`, stranger)).toBe('404 NOT_FOUND');
    expect(await outcome(`/images?region=${region}&workspace_id=${workspaceId}`, stranger)).toBe('404 NOT_FOUND');
  });

  it('is tried for anew within the hour while prices are not today’s', async () => {
    const [{ viewer, workspaceId }, region] = [await setPlace(), newRegion()];
    const path = `/instance-types?region=${region}&workspace_id=${workspaceId}`;
    fake.prices.down = true;
    expect((await get(path, viewer)).body.data[1].hourly_cost).toBeNull();
    fake.prices.down = false;
    fake.prices.listed.set(region, new Map([['small', { hourly: '0.5', currency: 'USD' }]]));
    now = new Date(now.getTime() + 3_601_000);
    expect((await get(path, viewer)).body.data[1].hourly_cost).toBe(0.5);
  });
});

describe('cost estimates', () => {
  const post = ({ token }: Resident, body: object, key = randomUUID()) =>
    http('POST', '/providers/aws/cost-estimates', { token, body, headers: { 'idempotency-key': key } });
  const golden = { instance_type: 't3.micro', region: 'eu-central-1', duration_hours: 720 };

  it('are exact, and say where their price is from', async () => {
    const owner = await tenancy.settle();
    fake.prices.down = true;
    const { status, body } = await post(owner, golden);
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ ...golden, hourly_cost: 0.012, estimated_cost: 8.64, currency: 'USD' });
    expect(body.data.price_source).toMatch(/^file:\d{4}-\d\d-\d\d$/);
    expect(JSON.stringify(body)).toContain('"estimated_cost":8.64,');
  });

  it('go by the price service, once a day and type, and by its old price while it is down', async () => {
    const [owner, region] = [await tenancy.settle(), newRegion()];
    fake.prices.listed.set(region, new Map([['small', { hourly: '0.1', currency: 'USD' }]]));
    const asked = { instance_type: 'small', region, duration_hours: 3 };
    const first = (await post(owner, asked)).body.data;
    expect(first).toMatchObject({ estimated_cost: 0.3, price_source: 'fake', priced_at: now.toISOString() });
    await post(owner, asked);
    expect(fake.prices.calls).toBe(1);
    now = new Date(now.getTime() + 25 * 3_600_000);
    fake.prices.down = true;
    expect((await post(owner, asked)).body.data).toMatchObject({ estimated_cost: 0.3, priced_at: first.priced_at });
    expect(fake.prices.calls).toBe(2);
  });

  it('are refused where no price is known, and for no time at all', async () => {
    const [owner, region] = [await tenancy.settle(), newRegion()];
    const unknown = await post(owner, { instance_type: 'small', region, duration_hours: 1 });
    expect([unknown.body.code, unknown.body.data.issues[0].path]).toEqual(['VALIDATION_ERROR', 'body.instance_type']);
    for (const duration_hours of [0, -1, 87_601, 0.001, '720', null])
      expect((await post(owner, { ...golden, duration_hours })).body.code).toBe('VALIDATION_ERROR');
    for (const region of ['a#b', '../x', '']) expect((await post(owner, { ...golden, region })).status).toBe(400);
  });

  it('are refused for now where the price service does not answer and nothing else knows; somebody is told', async () => {
    const [owner, region] = [await tenancy.settle(), newRegion()];
    fake.prices.down = true;
    const unknown = await post(owner, { instance_type: 'small', region, duration_hours: 1 });
    expect([unknown.status, unknown.body.code, unknown.body.data]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      { reason: 'PROVIDER_UNAVAILABLE' },
    ]);
    expect([unknown.headers.get('retry-after'), unanswered]).toEqual(['5', 1]);
    fake.prices.down = false;
    expect((await post(owner, { instance_type: 'small', region, duration_hours: 1 })).status).toBe(400);
    fake.prices.listed.set(region, new Map([['small', { hourly: '0.1', currency: 'USD' }]]));
    expect((await post(owner, { instance_type: 'small', region, duration_hours: 1 })).status).toBe(400);
    now = new Date(now.getTime() + 3_601_000);
    expect((await post(owner, { instance_type: 'small', region, duration_hours: 1 })).status).toBe(201);
  });

  it('that were made are answered again by their key, whatever is known of prices by then', async () => {
    const [owner, region, key] = [await tenancy.settle(), newRegion(), randomUUID()];
    const asked = { instance_type: 'small', region, duration_hours: 1 };
    fake.prices.listed.set(region, new Map([['small', { hourly: '0.1', currency: 'USD' }]]));
    const first = await post(owner, asked, key);
    await catalogCaches({ table: tenancy.table, now: () => now }).prices.flush();
    fake.prices.listed.clear();
    expect((await post(owner, asked, key)).body.data).toEqual(first.body.data);
    await catalogCaches({ table: tenancy.table, now: () => now }).prices.flush();
    fake.prices.down = true;
    expect((await post(owner, asked, key)).body.data).toEqual(first.body.data);
    expect((await post(owner, asked)).status).toBe(503);
  });

  it('are one’s own, the newest first, for 90 days', async () => {
    const [owner, other] = [await tenancy.settle(), await tenancy.settle()];
    fake.prices.down = true;
    for (const duration_hours of [1, 2, 3]) await post(owner, { ...golden, duration_hours });
    const hours = async (who: Resident) =>
      (await get('/cost-estimates', who)).body.data.map((row: { duration_hours: number }) => row.duration_hours);
    expect(await hours(owner)).toEqual([3, 2, 1]);
    expect(await hours(other)).toEqual([]);
    now = new Date(now.getTime() + 90 * 86_400_000 + 1_000);
    expect(await hours(owner)).toEqual([]);
  });

  it('are made once by an idempotency key', async () => {
    const [owner, key] = [await tenancy.settle(), randomUUID()];
    fake.prices.down = true;
    const [one, other] = [await post(owner, golden, key), await post(owner, golden, key)];
    expect([one.status, other.body.data]).toEqual([201, one.body.data]);
    expect((await get('/cost-estimates', owner)).body.data).toHaveLength(1);
  });
});

describe('orphans', () => {
  it('are shown to who may see any workspace, and to nobody else', async () => {
    const [admin, user] = [await tenancy.settle('admin'), await tenancy.settle()];
    await createOrphanStore(backend.table).keep({ provider: 'aws', ...seen });
    expect((await get('/orphans', admin)).body.data).toEqual([orphan]);
    expect(await outcome('/orphans', user)).toBe('403 FORBIDDEN');
  });
});
