import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTable, createTableClient } from '../../../functions/platform/table/index.ts';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { timeless } from '../../support/patient.ts';
import { type Person, register } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password, refresh, statusOf } from './identity-api.ts';
import { meetingOf } from './meeting.ts';

let backend: Backend;
let proxy: DynamodbProxy;
beforeAll(async () => {
  backend = await startBackend();
  proxy = await startDynamodbProxy({ target: backend.client.endpoint });
});
afterAll(async () => {
  await proxy?.stop();
  await backend?.stop();
});

interface Scene {
  /** Undisturbed. */
  api: IdentityApi;
  /** Through the proxy. */
  faulty: IdentityApi;
  admin: Person;
  minji: Person;
}

let scene: Scene;
beforeEach(async () => {
  proxy.clear();
  const { table, tableName } = await backend.makeTable();
  const api = createIdentityApi(table);
  const client = createTableClient({ ...backend.client, endpoint: proxy.url });
  const faulty = createIdentityApi(createTable({ client, tableName, ...timeless }), { like: api });
  scene = { api, faulty, admin: await register(api.http, 'admin'), minji: await register(api.http, 'minji') };
});

const newcomer = addressOf('newcomer');
const path = () => `/users/${scene.minji.id}`;

interface Flow {
  send(api: IdentityApi): Promise<HttpAnswer>;
  /** The items of its transaction, by their sort keys. */
  items: RegExp[];
  isDone(): Promise<boolean>;
}

const sessionCount = async () => {
  const principal = await scene.api.table.get({ pk: `PRINCIPAL#${scene.minji.id}`, sk: 'PRINCIPAL' });
  return Object.keys((principal?.['ss'] ?? {}) as object).length;
};
const isMinji = async (fields: object) => {
  const { body } = await scene.api.http('GET', path(), { token: scene.admin.token });
  return Object.entries(fields).every(([name, value]) => body.data?.[name] === value);
};
const audit = /^\d{4}-/;

const flows: Record<string, Flow> = {
  register: {
    send: ({ http }) => http('POST', '/auth/register', { body: { username: 'newcomer', email: newcomer, password } }),
    items: [/^USER$/, /@/, /^PRINCIPAL$/, /^CODE#/, audit],
    isDone: async () => (await login(scene.api.http, newcomer)).status === 200,
  },
  login: {
    send: ({ http }) => login(http, scene.minji.email),
    items: [/^PRINCIPAL$/, /^FAILURES$/, audit],
    isDone: async () => (await sessionCount()) === 2,
  },
  refresh: {
    send: ({ http }) => refresh(http, scene.minji.refreshToken),
    items: [/^PRINCIPAL$/, audit],
    isDone: async () => {
      scene.api.advance(31_000);
      return (await refresh(scene.api.http, scene.minji.refreshToken)).status === 401;
    },
  },
  logout: {
    send: ({ http }) => http('POST', '/auth/logout', { token: scene.minji.token }),
    items: [/^PRINCIPAL$/, audit],
    isDone: async () => (await statusOf(scene.api.http, scene.minji.token)) === 401,
  },
  'change of a role': {
    send: ({ http }) => http('PUT', path(), { token: scene.admin.token, body: { role: 'admin' } }),
    items: [/^USER$/, /@/, /^PRINCIPAL$/, /^ADMINS$/, audit],
    isDone: () => isMinji({ role: 'admin' }),
  },
  'change of an address': {
    send: ({ http }) => http('PUT', path(), { token: scene.minji.token, body: { email: newcomer } }),
    items: [/^USER$/, /@/, audit],
    isDone: () => isMinji({ email: newcomer }),
  },
  deletion: {
    send: ({ http }) => http('DELETE', path(), { token: scene.admin.token }),
    items: [/^USER$/, /@/, /^PRINCIPAL$/, audit],
    isDone: async () => (await scene.api.http('GET', path(), { token: scene.admin.token })).status === 404,
  },
};

const operation = 'TransactWriteItems';

describe.each(Object.entries(flows))('a %s', (_, { send, items, isDone }) => {
  it.each(items.map((sk) => [String(sk), sk] as const))(
    'is done where %s was busy with another transaction',
    async (__, sk) => {
      const rule = proxy.add({ fault: 'conflict', operation, sk, times: 2 });
      expect((await send(scene.faulty)).status).toBeLessThan(300);
      expect(rule.fired).toBe(2);
      expect(await isDone()).toBe(true);
    },
  );

  it.each(['throttle', 'drop-before', 'drop-after', 'error'] as const)(
    'is done once where its transaction meets %s',
    async (fault) => {
      const rule = proxy.add({ fault, operation, times: 1 });
      expect((await send(scene.faulty)).status).toBeLessThan(300);
      expect(rule.fired).toBe(1);
      expect(await isDone()).toBe(true);
    },
  );

  it('is SERVICE_UNAVAILABLE, and not done, where the table stays busy', async () => {
    const rule = proxy.add({ fault: 'conflict', operation });
    const { status, body, headers } = await send(scene.faulty);
    expect([status, body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(rule.fired).toBe(6);
    expect(await isDone()).toBe(false);
  });
});

describe('an attempt to sign in', () => {
  const marks = async () =>
    (await scene.api.table.get({ pk: 'LOGIN#198.51.100.7', sk: 'FAILURES' }))?.['all'] as Set<string> | undefined;

  it.each(['conflict', 'drop-after', 'throttle'] as const)(
    'is counted once where counting it meets %s',
    async (fault) => {
      const rule = proxy.add({ fault, operation: 'UpdateItem', sk: 'FAILURES', times: 1 });
      expect((await login(scene.faulty.http, scene.minji.email, 'wrong horse 1')).status).toBe(401);
      expect(rule.fired).toBe(1);
      expect((await marks())?.size).toBe(1);
      expect((await login(scene.faulty.http, scene.minji.email)).status).toBe(200);
      expect(await marks()).toBeUndefined();
    },
  );

  it('asks Cognito nothing where it can not be counted', async () => {
    proxy.add({ fault: 'conflict', operation: 'UpdateItem', sk: 'FAILURES' });
    const { judged } = scene.api.accounts;
    expect((await login(scene.faulty.http, scene.minji.email)).status).toBe(503);
    expect(scene.api.accounts.judged).toBe(judged);
  });
});

it('twenty refreshes at once among conflicts answer one pair, or SERVICE_UNAVAILABLE', async () => {
  const rule = proxy.add({ fault: 'conflict', operation, sk: 'PRINCIPAL', times: 15 });
  const { http } = createIdentityApi(scene.faulty.table, { like: scene.api, meet: meetingOf(20) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(http, scene.minji.refreshToken)));
  const pairs = answers.filter(({ status }) => status === 200).map(({ body }) => body.data.refresh_token);
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(20 - pairs.length);
  expect(new Set(pairs).size).toBe(1);
  expect(rule.fired).toBe(15);
  expect((await refresh(scene.api.http, String(pairs[0]))).status).toBe(200);
});
