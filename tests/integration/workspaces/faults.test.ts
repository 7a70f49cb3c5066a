import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTable, createTableClient } from '../../../functions/platform/table/index.ts';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { timeless } from '../../support/patient.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let proxy: DynamodbProxy;
/** Undisturbed. */
let tenancy: Tenancy;
/** Through the proxy. */
let faulty: Tenancy;

beforeAll(async () => {
  backend = await startBackend();
  proxy = await startDynamodbProxy({ target: backend.client.endpoint });
  const client = createTableClient({ ...backend.client, endpoint: proxy.url });
  tenancy = createTenancy(backend);
  faulty = createTenancy(backend, { table: createTable({ client, tableName: backend.tableName, ...timeless }) });
}, 60_000);
afterAll(async () => {
  await proxy?.stop();
  await backend?.stop();
});
beforeEach(() => proxy.clear());

const data = { access_key: 'AKIAFAULTS0000000000', secret_key: 'faults', region: 'eu-west-1' };

interface Scene {
  owner: Resident;
  second: Resident;
  third: Resident;
  manager: Resident;
  id: string;
  credentialId: string;
}

async function setScene(): Promise<Scene> {
  const [owner, second, third, manager] = (await Promise.all([
    tenancy.settle(),
    tenancy.settle(),
    tenancy.settle(),
    tenancy.settle('admin'),
  ])) as [Resident, Resident, Resident, Resident];
  const id = await tenancy.found(owner, 'the scene');
  await tenancy.join(id, second, 'owner', owner);
  const body = { workspace_id: id, provider: 'aws', data };
  const credential = await tenancy.http('POST', '/credentials', { token: owner.token, body });
  return { owner, second, third, manager, id, credentialId: credential.body.data.id };
}

const once = () => ({ 'idempotency-key': randomUUID() });
const principal = (resident: Resident) => ({ pk: `PRINCIPAL#${resident.id}` });
const own = [{ sk: /^WS$/ }, { sk: /^QUOTA$/ }];
const audit = { pk: /^AUDIT#/ };
const record = { pk: /^IDEMPOTENCY#/ };
const name = { sk: /^WSNAME#/ };
const memberRow = ({ id }: Resident) => ({ sk: `MEMBER#${id}` });
const credentialRow = { sk: /^CREDENTIAL#/ };

type Fit = { pk?: string | RegExp; sk?: string | RegExp };

/** Every kind of write, and the items of its transaction. */
const kinds: Record<
  string,
  { send(http: Tenancy['http'], scene: Scene): Promise<HttpAnswer>; items(scene: Scene): Fit[] }
> = {
  'create workspace': {
    send: (http, { owner }) =>
      http('POST', '/workspaces', { token: owner.token, body: { name: 'under faults' }, headers: once() }),
    items: ({ owner }) => [...own, name, { sk: /^MEMBER#/ }, principal(owner), audit, record],
  },
  'rename workspace': {
    send: (http, { owner, id }) =>
      http('PUT', `/workspaces/${id}`, { token: owner.token, body: { name: 'renamed', is_active: false } }),
    items: () => [...own, name, audit],
  },
  'delete workspace': {
    send: (http, { owner, id }) => http('DELETE', `/workspaces/${id}`, { token: owner.token }),
    items: ({ owner, second }) => [
      ...own,
      name,
      audit,
      credentialRow,
      ...[owner, second].flatMap((member) => [memberRow(member), principal(member)]),
    ],
  },
  'add member': {
    send: (http, { owner, third, id }) =>
      http('POST', `/workspaces/${id}/members`, {
        token: owner.token,
        body: { user_id: third.id, role: 'viewer' },
        headers: once(),
      }),
    items: ({ third }) => [{ sk: /^QUOTA$/ }, memberRow(third), principal(third), audit, record],
  },
  'regrade member': {
    send: (http, { owner, second, id }) =>
      http('PUT', `/workspaces/${id}/members/${second.id}`, { token: owner.token, body: { role: 'viewer' } }),
    items: ({ second }) => [...own, memberRow(second), principal(second), audit],
  },
  'leave and hand over': {
    send: (http, { owner, id }) => http('DELETE', `/workspaces/${id}/members/${owner.id}`, { token: owner.token }),
    items: ({ owner, second }) => [...own, name, memberRow(owner), principal(owner), principal(second), audit],
  },
  'set quotas': {
    send: (http, { manager, id }) =>
      http('PUT', `/workspaces/${id}/quotas`, { token: manager.token, body: { max_vms: 21 } }),
    items: () => [{ sk: /^QUOTA$/ }, audit],
  },
  'create credential': {
    send: (http, { owner, id }) =>
      http('POST', '/credentials', {
        token: owner.token,
        body: { workspace_id: id, provider: 'aws', data },
        headers: once(),
      }),
    items: () => [{ sk: /^QUOTA$/ }, credentialRow, audit, record],
  },
  'replace credential': {
    send: (http, { owner, credentialId }) =>
      http('PUT', `/credentials/${credentialId}`, { token: owner.token, body: { data } }),
    items: () => [credentialRow, audit],
  },
  'delete credential': {
    send: (http, { owner, credentialId }) => http('DELETE', `/credentials/${credentialId}`, { token: owner.token }),
    items: () => [{ sk: /^QUOTA$/ }, credentialRow, audit],
  },
};

const operation = 'TransactWriteItems';

describe.each(Object.entries(kinds))('%s', (_, { send, items }) => {
  it('goes through a conflict on any of its items', async () => {
    const count = items(await setScene()).length;
    for (let n = 0; n < count; n += 1) {
      const scene = await setScene();
      const item = items(scene)[n] as Fit;
      const rule = proxy.add({ fault: 'conflict', operation, ...item, times: 2 });
      const answer = await send(faulty.http, scene);
      expect([item, answer.status < 300, rule.fired]).toEqual([item, true, 2]);
      proxy.clear();
    }
  });

  it('has its effect once when its answer is lost', async () => {
    const [disturbed, calm] = [await setScene(), await setScene()];
    const rule = proxy.add({ fault: 'drop-after', operation, times: 1 });
    const [answer, wanted] = [await send(faulty.http, disturbed), await send(tenancy.http, calm)];
    expect([answer.status, rule.fired]).toEqual([wanted.status, 1]);
    expect(await shapeOf(disturbed)).toEqual(await shapeOf(calm));
  });

  it('is unavailable while a conflict stays, and does nothing', async () => {
    const scene = await setScene();
    const before = await stateOf(scene);
    const rule = proxy.add({ fault: 'conflict', operation });
    const answer = await send(faulty.http, scene);
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      '2',
    ]);
    expect(rule.fired).toBe(6);
    expect(await stateOf(scene)).toEqual(before);
  });
});

/** All that the scene holds but for what counts calls. */
async function stateOf({ owner, second, third, id }: Scene) {
  const people = await Promise.all([owner, second, third].map((resident) => tenancy.principalOf(resident)));
  return { rows: await tenancy.rowsOf(id), people: people.map(({ ws, owned }) => ({ ws, owned })) };
}

/** What of it two scenes can have in common: which rows there are, and the counts. */
async function shapeOf(scene: Scene) {
  const { rows, people } = await stateOf(scene);
  return {
    rows: rows
      .map(({ sk, version, role, is_active, uses }) => [sk.split('#')[0], version, role, is_active, uses])
      .toSorted(),
    quota: { ...rows.find(({ sk }) => sk === 'QUOTA'), pk: '' },
    people: people.map(({ ws, owned }) => [Object.values(ws as object).toSorted(), owned]),
  };
}
