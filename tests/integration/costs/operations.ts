import { randomUUID } from 'node:crypto';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import { spentOf } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';

/** What the operations are called with: one user in one workspace, one stored credential, one VM at rest. */
export interface CostWorld {
  owner: Person;
  other: Person;
  /** Of the platform. */
  admin: Person;
  workspaceId: string;
  credentialId: string;
  vmId: string;
}

export interface Operation {
  /** As the table in docs/costs.md names it. */
  name: string;
  run(http: Http, world: CostWorld): Promise<HttpAnswer>;
}

const credentialBody = (workspaceId: string) => ({
  workspace_id: workspaceId,
  provider: 'aws',
  name: `key ${randomUUID()}`,
  data: {
    access_key: 'AKIACOSTS00000000000',
    secret_key: 'costsCostsCostsCostsCostsCostsCosts00000',
    region: 'eu-west-1',
  },
});

const vmBody = ({ workspaceId, credentialId }: CostWorld) => ({
  workspace_id: workspaceId,
  credential_id: credentialId,
  name: 'measured',
  provider: 'aws',
  instance_type: 't3.micro',
  region: 'eu-west-1',
  image_id: 'ami-12c6146b',
});

/** A workspace with one member and one row in its audit log: what a list costs goes by what it holds. */
async function makeQuietPlace(http: Http): Promise<{ token: string; workspaceId: string }> {
  const loner = await register(http, 'loner');
  return { token: loner.token, workspaceId: await makeWorkspace(http, loner) };
}

const makeKey = async (http: Http, { token }: Person): Promise<{ data: { id: string; key: string } }> =>
  (await http('POST', '/auth/api-keys', { token, body: { name: 'measured' } })).body;

/** Another time at each run. */
const seconds = () => String(Math.floor(Math.random() * 60)).padStart(2, '0');
/** Somebody who was told one thing and has not read it. */
async function makeNotified(http: Http): Promise<{ token: string; id: string }> {
  const [host, guest] = [await register(http, 'host'), await register(http, 'guest')];
  await addMember(http, host, await makeWorkspace(http, host), guest, 'viewer');
  const { token } = guest;
  const list = async () => (await http('GET', '/notifications', { token })).body.data.notifications as { id: string }[];
  await until('it has come', async () => (await list()).length === 1);
  return { token, id: String((await list())[0]?.id) };
}

const once = () => ({ 'idempotency-key': randomUUID() });

export const operations: readonly Operation[] = [
  {
    name: 'register',
    run: async (http) =>
      http('POST', '/auth/register', {
        body: { username: 'cost', email: `cost-${randomUUID()}@example.com`, password: 'correct horse 1' },
      }),
  },
  {
    name: 'login',
    run: (http, { owner }) => http('POST', '/auth/login', { body: { email: owner.email, password: owner.password } }),
  },
  {
    name: 'refresh',
    run: async (http) =>
      http('POST', '/auth/refresh', { body: { refresh_token: (await register(http, 'refresh')).refreshToken } }),
  },
  {
    name: 'check email',
    run: (http) => http('GET', `/auth/check-email?email=cost-${randomUUID()}@example.com`),
  },
  {
    name: 'resend code',
    run: async (http) => http('POST', '/auth/verify-email/resend', { token: (await register(http, 'waiting')).token }),
  },
  {
    name: 'forgot password',
    run: async (http) =>
      http('POST', '/auth/password/forgot', { body: { email: (await register(http, 'forgetful')).email } }),
  },
  {
    name: 'change password',
    run: async (http) => {
      const { token, password } = await register(http, 'changing');
      return http('PUT', '/auth/password', {
        token,
        body: { current_password: password, new_password: 'other horse 2' },
      });
    },
  },
  { name: 'me', run: (http, { owner }) => http('GET', '/auth/me', { token: owner.token }) },
  { name: 'get user', run: (http, { owner }) => http('GET', `/users/${owner.id}`, { token: owner.token }) },
  {
    name: 'update user',
    run: (http, { owner }) =>
      http('PUT', `/users/${owner.id}`, { token: owner.token, body: { name: `renamed ${randomUUID()}` } }),
  },
  {
    name: 'create user',
    run: (http, { admin }) =>
      http('POST', '/users', {
        token: admin.token,
        body: { email: `cost-${randomUUID()}@example.com` },
        headers: once(),
      }),
  },
  {
    // By cursor, from the oldest on: the same page however many there are.
    name: 'list users',
    run: async (http, { admin }) => {
      const ask = (query: string) => http('GET', `/users?sort=created_at:asc&limit=2${query}`, { token: admin.token });
      return ask(`&cursor=${(await ask('')).body.data.pagination.next_cursor}`);
    },
  },
  {
    name: 'create api key',
    run: (http, { other }) =>
      http('POST', '/auth/api-keys', { token: other.token, body: { name: 'measured' }, headers: once() }),
  },
  {
    name: 'list api keys',
    run: (http, { owner }) => http('GET', '/auth/api-keys', { token: owner.token }),
  },
  {
    name: 'delete api key',
    run: async (http, { other }) => {
      const { data } = await makeKey(http, other);
      return http('DELETE', `/auth/api-keys/${data.id}`, { token: other.token });
    },
  },
  {
    name: 'api key reads me',
    run: async (http, { other }) => {
      const { data } = await makeKey(http, other);
      const me = () => http('GET', '/auth/me', { headers: { 'x-api-key': data.key } });
      // The first call of an hour opens the key's window.
      await me();
      return me();
    },
  },
  {
    name: 'create workspace',
    run: (http, { other }) =>
      http('POST', '/workspaces', { token: other.token, body: { name: `cost ${randomUUID()}` }, headers: once() }),
  },
  { name: 'list workspaces', run: (http, { owner }) => http('GET', '/workspaces', { token: owner.token }) },
  {
    name: 'get workspace',
    run: (http, { owner, workspaceId }) => http('GET', `/workspaces/${workspaceId}`, { token: owner.token }),
  },
  {
    name: 'update workspace',
    run: (http, { owner, workspaceId }) =>
      http('PUT', `/workspaces/${workspaceId}`, {
        token: owner.token,
        body: { description: `measured ${randomUUID()}` },
      }),
  },
  {
    name: 'list members',
    run: async (http) => {
      const { token, workspaceId } = await makeQuietPlace(http);
      const list = () => http('GET', `/workspaces/${workspaceId}/members`, { token });
      // A row does not say who its user is until its event has been through; then nobody's user is read.
      await until('the row is complete', async () => spentOf(await list()).trips === 3);
      return list();
    },
  },
  {
    name: 'add member',
    run: async (http, { owner, workspaceId }) => {
      const person = await register(http, 'joiner');
      return http('POST', `/workspaces/${workspaceId}/members`, {
        token: owner.token,
        body: { user_id: person.id, role: 'viewer' },
        headers: once(),
      });
    },
  },
  {
    name: 'remove member',
    run: async (http, { owner, workspaceId }) => {
      const person = await register(http, 'leaver');
      await addMember(http, owner, workspaceId, person, 'viewer');
      return http('DELETE', `/workspaces/${workspaceId}/members/${person.id}`, { token: owner.token });
    },
  },
  {
    name: 'update schedule',
    run: (http, { owner, workspaceId }) =>
      http('PUT', `/workspaces/${workspaceId}/schedule`, {
        token: owner.token,
        body: { start: '0 8 * * 1-5', stop: '0 18 * * *', time_zone: 'Asia/Seoul', enabled: true },
      }),
  },
  {
    name: 'get schedule',
    run: (http, { owner, workspaceId }) => http('GET', `/workspaces/${workspaceId}/schedule`, { token: owner.token }),
  },
  {
    name: 'get quotas',
    run: (http, { owner, workspaceId }) => http('GET', `/workspaces/${workspaceId}/quotas`, { token: owner.token }),
  },
  {
    name: 'create credential',
    run: (http, { owner, workspaceId }) =>
      http('POST', '/credentials', { token: owner.token, body: credentialBody(workspaceId), headers: once() }),
  },
  {
    name: 'list credentials',
    run: (http, { owner, workspaceId }) =>
      http('GET', `/credentials?workspace_id=${workspaceId}`, { token: owner.token }),
  },
  {
    name: 'get credential',
    run: (http, { owner, credentialId }) => http('GET', `/credentials/${credentialId}`, { token: owner.token }),
  },
  {
    name: 'rename credential',
    run: (http, { owner, credentialId }) =>
      http('PUT', `/credentials/${credentialId}`, { token: owner.token, body: { name: `renamed ${randomUUID()}` } }),
  },
  {
    name: 'replace credential',
    run: (http, { owner, workspaceId, credentialId }) =>
      http('PUT', `/credentials/${credentialId}`, {
        token: owner.token,
        body: { data: credentialBody(workspaceId).data },
      }),
  },
  {
    name: 'verify credential',
    run: (http, { owner, credentialId }) => http('POST', `/credentials/${credentialId}/verify`, { token: owner.token }),
  },
  {
    name: 'rotate credential',
    run: (http, { owner, credentialId }) => http('POST', `/credentials/${credentialId}/rotate`, { token: owner.token }),
  },
  {
    name: 'create vm',
    run: (http, world) => http('POST', '/vms', { token: world.owner.token, body: vmBody(world), headers: once() }),
  },
  {
    name: 'list vms',
    run: (http, { owner, workspaceId }) => http('GET', `/vms?workspace_id=${workspaceId}`, { token: owner.token }),
  },
  {
    name: 'update vm',
    run: (http, { owner, vmId }) =>
      http('PUT', `/vms/${vmId}`, { token: owner.token, body: { expires_at: `2999-01-01T00:00:${seconds()}Z` } }),
  },
  {
    name: 'list vm events',
    run: (http, { owner, vmId }) => http('GET', `/vms/${vmId}/events`, { token: owner.token }),
  },
  { name: 'get vm', run: (http, { owner, vmId }) => http('GET', `/vms/${vmId}`, { token: owner.token }) },
  { name: 'list providers', run: (http, { owner }) => http('GET', '/providers', { token: owner.token }) },
  {
    name: 'list regions',
    run: (http, { owner }) => http('GET', '/providers/aws/regions', { token: owner.token }),
  },
  {
    name: 'list instances',
    run: (http, { owner, credentialId }) =>
      http('GET', `/providers/aws/instances?credential_id=${credentialId}`, { token: owner.token }),
  },
  {
    name: 'list images',
    run: async (http, { owner, credentialId }) => {
      const list = () =>
        http('GET', `/providers/aws/images?region=eu-west-1&credential_id=${credentialId}`, { token: owner.token });
      // Asked once, it is cached.
      await list();
      return list();
    },
  },
  {
    name: 'create cost estimate',
    run: (http, { owner }) =>
      http('POST', '/providers/aws/cost-estimates', {
        token: owner.token,
        body: { instance_type: 't3.micro', region: 'eu-central-1', duration_hours: 720 },
        headers: once(),
      }),
  },
  {
    name: 'list cost estimates',
    run: async (http) => {
      const { token } = await makeQuietPlace(http);
      return http('GET', '/providers/aws/cost-estimates', { token });
    },
  },
  {
    name: 'list notifications',
    run: async (http) => http('GET', '/notifications', { token: (await makeNotified(http)).token }),
  },
  {
    name: 'read notification',
    run: async (http) => {
      const { token, id } = await makeNotified(http);
      return http('PUT', `/notifications/${id}/read`, { token });
    },
  },
  {
    name: 'read all notifications',
    run: async (http) => http('PUT', '/notifications/read-all', { token: (await makeNotified(http)).token }),
  },
  {
    name: 'delete notification',
    run: async (http) => {
      const { token, id } = await makeNotified(http);
      return http('DELETE', `/notifications/${id}`, { token });
    },
  },
  {
    name: 'get preferences',
    run: async (http, { owner }) => http('GET', '/notifications/preferences', { token: owner.token }),
  },
  {
    name: 'update preferences',
    run: async (http, { owner }) =>
      http('PUT', '/notifications/preferences', { token: owner.token, body: { time_zone: 'Asia/Seoul' } }),
  },
  {
    name: 'list audit logs',
    run: async (http) => {
      const { token, workspaceId } = await makeQuietPlace(http);
      return http('GET', `/audit-logs?workspace_id=${workspaceId}`, { token });
    },
  },
  { name: 'get statistics', run: (http, { admin }) => http('GET', '/system/stats', { token: admin.token }) },
  {
    name: 'export audit logs',
    run: async (http) => {
      const { token, workspaceId } = await makeQuietPlace(http);
      return http('GET', `/audit-logs/export?workspace_id=${workspaceId}`, { token });
    },
  },
  {
    name: 'get export',
    run: async (http) => {
      const { token, workspaceId } = await makeQuietPlace(http);
      const { body } = await http('GET', `/audit-logs/export?workspace_id=${workspaceId}`, { token });
      return http('GET', `/audit-logs/exports/${body.data.id}?workspace_id=${workspaceId}`, { token });
    },
  },
];
