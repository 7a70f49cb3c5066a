import { randomUUID } from 'node:crypto';
import { tableOf, takeCode } from '../../support/codes.ts';
import { addMember, makeWorkspace } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { joinUp } from '../canaries/account-flows.ts';
import { idOf, settled, storeCredential, vmBody, type World } from './world.ts';

/** A request that is ready to be sent and will succeed. */
export interface Write {
  path: string;
  token?: string;
  body?: unknown;
  /** Until what it began has ended. */
  settle?: (answer: { body: { data?: { id: string } } }) => Promise<unknown>;
}

type Prepare = (world: World) => Promise<Write>;

const signedIn = async ({ http, owner, journal }: World) => {
  const { data } = (await http('POST', '/auth/login', { body: { email: owner.email, password: owner.password } })).body;
  return {
    token: journal.secrets.token('signed in', data.token),
    refreshToken: journal.secrets.refreshToken('signed in', data.refresh_token),
  };
};

/** Of the VMs that the cases before have left at rest, one that takes the action. */
const act =
  (from: 'running' | 'stopped', path: string): Prepare =>
  async (world) => {
    const { token } = world.owner;
    const list = await world.http('GET', `/vms?workspace_id=${world.workspaceId}&status=${from}`, { token });
    const id = (list.body.data.vms as { id: string }[]).map((vm) => vm.id).find((each) => each !== world.vmId);
    if (id === undefined) throw new Error(`no VM is ${from}`);
    return { path: `/vms/${id}${path}`, token, settle: () => settled(world, id) };
  };

let turn = 0;
/** For times that no call before has named: a timer that has lost its meaning stays until it is due, and would be met again. */
const nextTurn = () => {
  turn += 1;
  return turn;
};

/** Somebody who was told one thing. */
const notified = async ({ journal, http, owner, workspaceId }: World) => {
  const person = await joinUp(journal, 'told');
  const { token } = person;
  await addMember(http, owner, workspaceId, person, 'viewer');
  const list = async () => (await http('GET', '/notifications', { token })).body.data.notifications as { id: string }[];
  await until('it has come', async () => (await list()).length === 1);
  return { token, id: String((await list())[0]?.id) };
};

/** Every route that writes, in a scene of its own each time, in an order in which VMs go from one to the next. A route that is not here fails the test. */
export const writes: Readonly<Record<string, Prepare>> = {
  'auth.register': async ({ journal }) => ({
    path: '/auth/register',
    body: {
      username: 'latecomer',
      email: `late-${randomUUID()}@example.com`,
      password: journal.secrets.password('on a bad day'),
    },
  }),
  'auth.login': async ({ owner }) => ({ path: '/auth/login', body: { email: owner.email, password: owner.password } }),
  'auth.refresh': async (world) => ({
    path: '/auth/refresh',
    body: { refresh_token: (await signedIn(world)).refreshToken },
  }),
  'auth.logout': async (world) => {
    const { token, refreshToken } = await signedIn(world);
    return { path: '/auth/logout', token, body: { refresh_token: refreshToken } };
  },
  'auth.verify_email': async ({ journal }) => {
    const { id, token } = await joinUp(journal, 'verifying');
    return {
      path: '/auth/verify-email',
      token,
      body: { code: journal.secrets.code('verified', await takeCode(tableOf(journal.stack), id, 'verify_email')) },
    };
  },
  'auth.resend_code': async ({ journal }) => ({
    path: '/auth/verify-email/resend',
    token: (await joinUp(journal, 'waiting')).token,
  }),
  'auth.forgot_password': async ({ journal }) => ({
    path: '/auth/password/forgot',
    body: { email: (await joinUp(journal, 'forgetful')).email },
  }),
  'auth.reset_password': async ({ journal, http }) => {
    const { id, email } = await joinUp(journal, 'resetting');
    await http('POST', '/auth/password/forgot', { body: { email } });
    const code = journal.secrets.code('reset', await takeCode(tableOf(journal.stack), id, 'reset_password'));
    return {
      path: '/auth/password/reset',
      body: { email, code, new_password: journal.secrets.password('reset on a bad day') },
    };
  },
  'auth.change_password': async ({ journal }) => {
    const { token, password } = await joinUp(journal, 'changing');
    return {
      path: '/auth/password',
      token,
      body: { current_password: password, new_password: journal.secrets.password('changed on a bad day') },
    };
  },
  'users.create': async ({ admin }) => ({
    path: '/users',
    token: admin.token,
    body: { email: `invited-${randomUUID()}@example.com` },
  }),
  'users.update': async ({ owner }) => ({
    path: `/users/${owner.id}`,
    token: owner.token,
    body: { name: `renamed ${randomUUID().replaceAll(/[\d-]/g, '').slice(0, 6)}` },
  }),
  'users.delete': async ({ journal }) => {
    const leaver = await joinUp(journal, 'leaver');
    return { path: `/users/${leaver.id}`, token: leaver.token };
  },
  'apikeys.create': async ({ owner }) => ({ path: '/auth/api-keys', token: owner.token, body: { name: 'bad day' } }),
  'apikeys.delete': async ({ http, owner }) => ({
    path: `/auth/api-keys/${idOf(await http('POST', '/auth/api-keys', { token: owner.token, body: { name: 'spent' } }))}`,
    token: owner.token,
  }),
  'workspaces.create': async ({ owner }) => ({
    path: '/workspaces',
    token: owner.token,
    body: { name: `bad day ${randomUUID()}` },
  }),
  'workspaces.update': async ({ owner, workspaceId }) => ({
    path: `/workspaces/${workspaceId}`,
    token: owner.token,
    body: { description: randomUUID() },
  }),
  'workspaces.delete': async ({ http, owner }) => ({
    path: `/workspaces/${await makeWorkspace(http, owner)}`,
    token: owner.token,
  }),
  'members.add': async ({ journal, owner, workspaceId }) => ({
    path: `/workspaces/${workspaceId}/members`,
    token: owner.token,
    body: { user_id: (await joinUp(journal, 'joiner')).id, role: 'member' },
  }),
  'members.update': async ({ journal, http, owner, workspaceId }) => {
    const person = await joinUp(journal, 'riser');
    await addMember(http, owner, workspaceId, person, 'viewer');
    return { path: `/workspaces/${workspaceId}/members/${person.id}`, token: owner.token, body: { role: 'owner' } };
  },
  'members.remove': async ({ journal, http, owner, workspaceId }) => {
    const person = await joinUp(journal, 'leaving');
    await addMember(http, owner, workspaceId, person, 'owner');
    return { path: `/workspaces/${workspaceId}/members/${person.id}`, token: owner.token };
  },
  'schedules.update': async ({ http, owner, workspaceId }) => {
    const [path, token] = [`/workspaces/${workspaceId}/schedule`, owner.token];
    const nextMinute = () => {
      const minute = nextTurn() % 60;
      return { start: `${minute} 8 * * 1-5`, stop: `${minute} 18 * * *`, time_zone: 'Asia/Seoul', enabled: true };
    };
    await http('PUT', path, { token, body: nextMinute() });
    return { path, token, body: nextMinute() };
  },
  'quotas.update': async ({ http, admin, workspaceId }) => {
    const quotas = (await http('GET', `/workspaces/${workspaceId}/quotas`, { token: admin.token })).body.data;
    return {
      path: `/workspaces/${workspaceId}/quotas`,
      token: admin.token,
      body: { max_vms: quotas.max_vms + 1 },
    };
  },
  'credentials.create': async ({ journal, owner, workspaceId }) => ({
    path: '/credentials',
    token: owner.token,
    body: { workspace_id: workspaceId, provider: 'aws', data: journal.secrets.awsKey('stored on a bad day') },
  }),
  'credentials.update': async ({ journal, owner, credentialId }) => ({
    path: `/credentials/${credentialId}`,
    token: owner.token,
    body: { data: journal.secrets.awsKey('replaced on a bad day') },
  }),
  // A key that STS does not know: what it says of that is an answer.
  'credentials.verify': async ({ owner, credentialId }) => ({
    path: `/credentials/${credentialId}/verify`,
    token: owner.token,
  }),
  'credentials.rotate': async ({ owner, credentialId }) => ({
    path: `/credentials/${credentialId}/rotate`,
    token: owner.token,
  }),
  'credentials.delete': async (world) => ({
    path: `/credentials/${await storeCredential(world, 'deleted on a bad day')}`,
    token: world.owner.token,
  }),
  'cost_estimates.create': async ({ owner }) => ({
    path: '/providers/aws/cost-estimates',
    token: owner.token,
    body: { instance_type: 't3.micro', region: 'eu-central-1', duration_hours: 720 },
  }),
  'vms.create': async (world) => ({
    path: '/vms',
    token: world.owner.token,
    body: vmBody(world),
    settle: ({ body }) => settled(world, String(body.data?.id)),
  }),
  'vms.update': async ({ http, owner, vmId }) => {
    const [path, token] = [`/vms/${vmId}`, owner.token];
    const nextHour = () => ({ expires_at: new Date(Date.now() + (72 + nextTurn()) * 3_600_000).toISOString() });
    await http('PUT', path, { token, body: nextHour() });
    return { path, token, body: nextHour() };
  },
  'vms.restart': act('running', '/restart'),
  'notifications.read': async (world) => {
    const { token, id } = await notified(world);
    return { path: `/notifications/${id}/read`, token };
  },
  'notifications.read_all': async (world) => {
    const { token } = await notified(world);
    return { path: '/notifications/read-all', token };
  },
  'notifications.delete': async (world) => {
    const { token, id } = await notified(world);
    return { path: `/notifications/${id}`, token };
  },
  'notification_preferences.update': async ({ journal }) => ({
    path: '/notifications/preferences',
    token: (await joinUp(journal, 'choosy')).token,
    body: { language: 'ko' },
  }),
  'vms.stop': act('running', '/stop'),
  'vms.start': act('stopped', '/start'),
  'vms.delete': act('running', ''),
};
