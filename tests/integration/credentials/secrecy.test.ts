import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCredential } from '../../../functions/credentials/open.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import { createTableClient, type Item, type Table } from '../../../functions/platform/table/index.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;
let owner: Resident;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  owner = await tenancy.settle();
}, 60_000);
afterAll(() => backend?.stop());

const open = (workspaceId: string, credentialId: string) =>
  openCredential({ table: backend.table, kms: createKmsClient(backend.client), keyId: backend.credentialsKeyId })(
    workspaceId,
    credentialId,
  );

const key = (workspaceId: string, credentialId: string) => ({
  pk: `WS#${workspaceId}`,
  sk: `CREDENTIAL#${credentialId}`,
});

const canary = () => ({
  access_key: `CANARY${randomBytes(9).toString('hex').toUpperCase()}`,
  secret_key: `canary/${randomBytes(20).toString('base64url')}`,
  region: 'eu-west-1',
});

async function store(workspaceId: string, data = canary(), headers = {}) {
  const body = { workspace_id: workspaceId, provider: 'aws', data };
  const answer = await tenancy.http('POST', '/credentials', { token: owner.token, body, headers });
  expect(answer.status).toBe(201);
  return answer.body.data.id as string;
}

describe('a secret', () => {
  it('opens as it was stored, in every version of itself', async () => {
    const workspaceId = await tenancy.found(owner);
    const [first, second] = [canary(), canary()];
    const id = await store(workspaceId, first);
    expect(await open(workspaceId, id)).toEqual(first);
    const put = (body: object) => tenancy.http('PUT', `/credentials/${id}`, { token: owner.token, body });
    await put({ name: 'renamed' });
    expect(await open(workspaceId, id)).toEqual(first);
    await put({ credentials: second, is_active: false });
    expect(await open(workspaceId, id)).toEqual(second);
    await expect(open(workspaceId, workspaceId)).rejects.toMatchObject({ name: 'CredentialNotFound' });
  });

  it('does not open in another row, workspace or version', async () => {
    const [here, there] = [await tenancy.found(owner), await tenancy.found(owner)];
    const manager = await tenancy.settle('admin');
    for (const id of [here, there]) {
      await tenancy.http('PUT', `/workspaces/${id}/quotas`, { token: manager.token, body: { max_credentials: 1_000 } });
    }
    const expectShut = (workspaceId: string, id: string) =>
      expect(open(workspaceId, id)).rejects.toMatchObject({ name: 'CannotOpenSecret' });
    for (let n = 0; n < 25; n += 1) {
      const [victim, other, abroad] = [await store(here), await store(here), await store(there)];
      const item: Item = { ...key(here, victim), ...(await backend.table.get(key(here, victim))) };
      for (const [workspaceId, id] of [
        [here, other],
        [there, abroad],
      ] as const) {
        const row = await backend.table.get(key(workspaceId, id));
        await backend.table.write({ put: { ...key(workspaceId, id), ...row, sealed: item['sealed'] } });
        await expectShut(workspaceId, id);
      }
      await backend.table.write({ put: { ...item, ...key(there, victim), workspace_id: there } });
      await expectShut(there, victim);
      expect(await open(here, victim)).toBeTruthy();
      await backend.table.write({ put: { ...item, secret_version: 2 } });
      await expectShut(here, victim);
    }
    expect.assertions(25 * 5 + 75);
  }, 60_000);

  it('stands nowhere but sealed: not in the table, an answer, a log or an error', async () => {
    const workspaceId = await tenancy.found(owner);
    const canaries: string[] = [];
    const said: unknown[] = [];
    const fresh = () => {
      const data = canary();
      canaries.push(data.access_key, data.secret_key);
      return data;
    };
    const send = async (method: string, path: string, body?: object, headers = {}) => {
      const {
        status,
        body: answer,
        headers: answered,
      } = await tenancy.http(method, `/credentials${path}`, { token: owner.token, body, headers });
      said.push(answer, [...answered]);
      return { status, body: answer };
    };
    const make = (more: object, headers = {}) =>
      send('POST', '', { workspace_id: workspaceId, provider: 'aws', ...more }, headers);
    for (let n = 0; n < 10; n += 1) {
      const data = fresh();
      const once = { 'idempotency-key': `key ${n}` };
      const created = await make({ data }, once);
      await make({ data }, once);
      expect((await make({ data: fresh() }, once)).status).toBe(409);
      expect((await make({ data: fresh() })).status).toBe(201);
      const path = `/${created.body.data.id}`;
      await send('PUT', path, { data: fresh() });
      await send('PUT', path, { data: fresh() }, { 'if-match': '"9"' });
      await send('GET', path);
      const wrong = fresh();
      // Every way in which a secret can be in the wrong place.
      expect((await make({ data: { ...wrong, secret_key: `${wrong.secret_key} ` } })).status).toBe(400);
      expect((await make({ data: { ...wrong, access_key: wrong.access_key.toLowerCase() } })).status).toBe(400);
      canaries.push(wrong.access_key.toLowerCase());
      expect((await make({ data: { ...wrong, region: wrong.secret_key } })).status).toBe(400);
      expect((await make({ data: wrong.secret_key })).status).toBe(400);
      expect((await make({ data: [wrong.secret_key] })).status).toBe(400);
      expect((await make({ data: wrong, credentials: wrong })).status).toBe(400);
      expect((await make({ provider: wrong.secret_key, data: wrong })).status).toBe(400);
      expect((await make({ provider: 'gcp', data: wrong })).status).toBe(400);
      expect((await make({ workspace_id: wrong.secret_key, data: wrong })).status).toBe(400);
      expect((await send('PUT', path, { data: wrong, is_active: wrong.secret_key })).status).toBe(400);
      expect((await send('GET', `?provider=${encodeURIComponent(wrong.secret_key)}`)).status).toBe(400);
      if (n % 2 === 0) expect((await send('DELETE', path)).status).toBe(200);
    }
    expect((await make({ workspace_id: owner.id, data: fresh() })).status).toBe(404);
    const failing = {
      withoutKey: { keyId: 'no-such-key' },
      withoutTable: { table: withoutTransactions(backend.table) },
    };
    for (const [name, parts] of Object.entries(failing)) {
      const broken = createTenancy(backend, parts);
      const body = { workspace_id: workspaceId, provider: 'aws', data: fresh() };
      const { status, body: answer } = await broken.http('POST', '/credentials', { token: owner.token, body });
      expect([name, status]).toEqual([name, 500]);
      expect(broken.logged).toHaveLength(1);
      said.push(answer);
      tenancy.logged.push(...broken.logged);
    }
    await send('GET', '');
    const places = {
      table: await dump(),
      said: JSON.stringify(said),
      logged: inspect(tenancy.logged, { depth: 20, maxArrayLength: null, maxStringLength: null }),
    };
    expect(canaries.length).toBeGreaterThanOrEqual(100);
    for (const [place, text] of Object.entries(places)) {
      expect(
        canaries.filter((secret) => text.includes(secret)),
        place,
      ).toEqual([]);
    }
    expect(places.table).toContain(workspaceId);
  });
});

/** Fails with an error that carries all that it was asked to write. */
const withoutTransactions = (table: Table): Table => ({
  ...table,
  transact: async (writes) => {
    throw Object.assign(new Error('the table is gone'), { writes });
  },
});

/** Every item, its binary attributes read as text, too. */
async function dump(): Promise<string> {
  const client = createTableClient(backend.client);
  const parts: string[] = [];
  let start: Record<string, never> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: backend.tableName, ExclusiveStartKey: start }));
    parts.push(
      JSON.stringify(page.Items, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    );
    start = page.LastEvaluatedKey as typeof start;
  } while (start !== undefined);
  client.destroy();
  return parts.join('');
}
