import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpAnswer, spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

const data = {
  access_key: 'AKIABUDGET0000000000',
  secret_key: 'budgetBudgetBudgetBudgetBudgetBudget0000',
  region: 'eu-west-1',
};

interface Scene {
  owner: Resident;
  member: Resident;
  stranger: Resident;
  manager: Resident;
  id: string;
  credentialId: string;
}

/** A workspace of two people, with one credential. */
async function setScene(): Promise<Scene> {
  const [owner, member, stranger, manager] = (await Promise.all(
    ['user', 'user', 'user', 'admin'].map((role) => tenancy.settle(role as 'user')),
  )) as [Resident, Resident, Resident, Resident];
  const id = await tenancy.found(owner);
  await tenancy.join(id, member, 'member', owner);
  for (const { id: userId } of [owner, member])
    await tenancy.notify({ type: 'member_added', workspace_id: id, user_id: userId });
  const body = { workspace_id: id, provider: 'aws', data };
  const credential = await tenancy.http('POST', '/credentials', { token: owner.token, body });
  // The first call of an hour takes a trip more, which no operation is to blame for.
  await Promise.all([member, manager].map(({ token }) => tenancy.http('GET', '/workspaces', { token })));
  return { owner, member, stranger, manager, id, credentialId: credential.body.data.id };
}

const once = () => ({ 'idempotency-key': randomUUID() });

type Operation = (scene: Scene) => Promise<HttpAnswer>;
const call =
  (
    method: string,
    path: (scene: Scene) => string,
    {
      by = 'owner',
      body,
      keyed = false,
    }: { by?: 'owner' | 'member' | 'manager'; body?: (scene: Scene) => object; keyed?: boolean } = {},
  ): Operation =>
  (scene) =>
    tenancy.http(method, path(scene), { token: scene[by].token, body: body?.(scene), headers: keyed ? once() : {} });

const workspacePath = ({ id }: Scene) => `/workspaces/${id}`;
const membersPath = ({ id }: Scene) => `/workspaces/${id}/members`;
const memberPath = ({ id, member }: Scene) => `/workspaces/${id}/members/${member.id}`;
const quotasPath = ({ id }: Scene) => `/workspaces/${id}/quotas`;
const credentialPath = ({ credentialId }: Scene) => `/credentials/${credentialId}`;

/** Trips, WCU, RCU, calls of KMS: each includes the counting of the call (1 trip, 1 WCU) and its audit row. */
const operations: [string, Operation, string][] = [
  [
    'create workspace',
    call('POST', () => '/workspaces', { body: () => ({ name: randomUUID() }), keyed: true }),
    '2 trips, 15 WCU, 0 RCU, 0 KMS',
  ],
  ['list workspaces', call('GET', () => '/workspaces'), '3 trips, 2 WCU, 1 RCU, 0 KMS'],
  [
    "list another user's workspaces",
    call('GET', ({ owner }) => `/workspaces?owner_id=${owner.id}`, { by: 'manager' }),
    '4 trips, 2 WCU, 2 RCU, 0 KMS',
  ],
  ['get workspace', call('GET', workspacePath), '3 trips, 2 WCU, 1 RCU, 0 KMS'],
  [
    'describe workspace',
    call('PUT', workspacePath, { body: () => ({ description: 'new' }) }),
    '3 trips, 5 WCU, 1 RCU, 0 KMS',
  ],
  [
    'rename workspace',
    call('PUT', workspacePath, { body: () => ({ name: randomUUID() }) }),
    '3 trips, 9 WCU, 1 RCU, 0 KMS',
  ],
  [
    'disable workspace',
    call('PUT', workspacePath, { body: () => ({ is_active: false }) }),
    '3 trips, 7 WCU, 1 RCU, 0 KMS',
  ],
  ['delete workspace', call('DELETE', workspacePath), '6 trips, 21 WCU, 4 RCU, 0 KMS'],
  ['list members', call('GET', membersPath), '3 trips, 2 WCU, 1 RCU, 0 KMS'],
  [
    'list members, of whom one has just come',
    async (scene) => {
      await tenancy.join(scene.id, scene.stranger, 'viewer', scene.owner);
      return call('GET', membersPath)(scene);
    },
    '4 trips, 2 WCU, 2 RCU, 0 KMS',
  ],
  [
    'add member by id',
    call('POST', membersPath, { body: ({ stranger }) => ({ user_id: stranger.id, role: 'viewer' }), keyed: true }),
    '2 trips, 11 WCU, 0 RCU, 0 KMS',
  ],
  [
    'add member by address',
    call('POST', membersPath, { body: ({ stranger }) => ({ email: stranger.email, role: 'viewer' }), keyed: true }),
    '3 trips, 11 WCU, 1 RCU, 0 KMS',
  ],
  ['regrade member', call('PUT', memberPath, { body: () => ({ role: 'admin' }) }), '3 trips, 7 WCU, 1 RCU, 0 KMS'],
  ['remove member', call('DELETE', memberPath), '3 trips, 9 WCU, 1 RCU, 0 KMS'],
  ['get quotas', call('GET', quotasPath), '3 trips, 2 WCU, 1 RCU, 0 KMS'],
  [
    'set quotas',
    call('PUT', quotasPath, { by: 'manager', body: () => ({ max_vms: 21 }) }),
    '3 trips, 5 WCU, 1 RCU, 0 KMS',
  ],
  [
    'create credential',
    call('POST', () => '/credentials', {
      body: ({ id }) => ({ workspace_id: id, provider: 'aws', data }),
      keyed: true,
    }),
    '2 trips, 9 WCU, 0 RCU, 1 KMS',
  ],
  ['list credentials', call('GET', ({ id }) => `/credentials?workspace_id=${id}`), '3 trips, 2 WCU, 1 RCU, 0 KMS'],
  ['get credential', call('GET', credentialPath), '3 trips, 2 WCU, 1 RCU, 0 KMS'],
  ['rename credential', call('PUT', credentialPath, { body: () => ({ name: 'new' }) }), '3 trips, 5 WCU, 1 RCU, 0 KMS'],
  ['replace credential', call('PUT', credentialPath, { body: () => ({ data }) }), '3 trips, 5 WCU, 1 RCU, 1 KMS'],
  ['delete credential', call('DELETE', credentialPath), '3 trips, 7 WCU, 1 RCU, 0 KMS'],
];

it.each(operations)('%s costs what is written', async (_, run, budget) => {
  const answer = await run(await setScene());
  expect(answer.status).toBeLessThan(300);
  const { trips, wcu, rcu, kms } = spentOf(answer);
  expect(`${trips} trips, ${wcu} WCU, ${rcu} RCU, ${kms} KMS`).toBe(budget);
});
