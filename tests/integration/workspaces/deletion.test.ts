import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noSchedule } from '../../../functions/compute/domain/schedule.ts';
import { createScheduleStore } from '../../../functions/compute/store/schedule-store.ts';
import { createTable, createTableClient, type Table, type Write } from '../../../functions/platform/table/index.ts';
import { quotaMove } from '../../../functions/workspaces/index.ts';
import type { StepInput } from '../../../functions/workspaces/steps/step.ts';
import { createSteps, execute, inputOf } from '../../state-machines/workspace-teardown/world.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

const data = { access_key: 'AKIADELETION00000000', secret_key: 'deletionDeletionDeletion', region: 'eu-west-1' };

async function addCredential({ http }: Tenancy, workspaceId: string, by: Resident) {
  const answer = await http('POST', '/credentials', {
    token: by.token,
    body: { workspace_id: workspaceId, provider: 'aws', data },
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.data.id as string;
}

async function addMembers(
  { settle, join }: Tenancy,
  workspaceId: string,
  owner: Resident,
  count: number,
  role = 'member',
) {
  const members: Resident[] = [];
  for (let n = 0; n < count; n += 1) {
    const member = await settle();
    await join(workspaceId, member, role, owner);
    members.push(member);
  }
  return members;
}

/** One that is off: no timer would ever find that its workspace is gone. */
const schedule = (table: Table, workspaceId: string) =>
  table.transact([createScheduleStore(table).put({ ...noSchedule(workspaceId), start: '0 8 * * *', version: 1 })]);

const wsOf = async (resident: Resident) => Object.keys((await tenancy.principalOf(resident))['ws'] as object);

const expectGone = async (workspaceId: string, people: readonly Resident[]) => {
  expect(await tenancy.rowsOf(workspaceId)).toEqual([]);
  for (const person of people) expect(await wsOf(person)).not.toContain(workspaceId);
};

describe('deleting a workspace', () => {
  it('takes its members, credentials and schedule along, and frees its name', async () => {
    const { http, settle, found, principalOf } = tenancy;
    const owner = await settle();
    const id = await found(owner, 'short-lived');
    const members = await addMembers(tenancy, id, owner, 3);
    const credentialId = await addCredential(tenancy, id, owner);
    await schedule(tenancy.table, id);
    const deleted = await http('DELETE', `/workspaces/${id}`, { token: owner.token });
    expect([deleted.status, deleted.body.message]).toEqual([200, 'workspace deleted']);
    await expectGone(id, [owner, ...members]);
    expect((await principalOf(owner))['owned']).toBe(0);
    for (const path of [`/workspaces/${id}`, `/credentials/${credentialId}`])
      expect((await http('GET', path, { token: owner.token })).status).toBe(404);
    expect((await http('DELETE', `/workspaces/${id}`, { token: owner.token })).status).toBe(404);
    await found(owner, 'short-lived');
  });

  it('is for owners, of the version they saw', async () => {
    const { http, settle, found } = tenancy;
    const owner = await settle();
    const id = await found(owner);
    const [admin] = (await addMembers(tenancy, id, owner, 1, 'admin')) as [Resident];
    expect((await http('DELETE', `/workspaces/${id}`, { token: admin.token })).body.code).toBe('FORBIDDEN');
    const stale = await http('DELETE', `/workspaces/${id}`, { token: owner.token, headers: { 'if-match': '"9"' } });
    expect([stale.status, stale.body.data]).toEqual([409, { version: 1 }]);
    expect(
      (await http('DELETE', `/workspaces/${id}`, { token: owner.token, headers: { 'if-match': '"1"' } })).status,
    ).toBe(200);
  });

  it('is refused while it holds VMs, and nothing of it is touched', async () => {
    const { http, table, settle, found, rowsOf } = tenancy;
    const owner = await settle();
    const id = await found(owner);
    await table.transact([quotaMove(id, { vms: 2, vcpus: 4 })]);
    const before = await rowsOf(id);
    const refused = await http('DELETE', `/workspaces/${id}`, { token: owner.token });
    expect([refused.status, refused.body.data]).toEqual([409, { blocking: { vms: 2 } }]);
    expect(await rowsOf(id)).toEqual(before);
    await table.transact([quotaMove(id, { vms: -2, vcpus: -4 })]);
    expect((await http('DELETE', `/workspaces/${id}`, { token: owner.token })).status).toBe(200);
  });

  it('of one with more than a transaction takes closes it at once, and goes part by part, ending whole', async () => {
    const { http, settle, found } = tenancy;
    const [owner, manager] = [await settle(), await settle('admin')];
    const id = await found(owner);
    await http('PUT', `/workspaces/${id}/quotas`, { token: manager.token, body: { max_credentials: 200 } });
    const members = [
      ...(await addMembers(tenancy, id, owner, 60)),
      ...(await addMembers(tenancy, id, owner, 10, 'owner')),
    ];
    await Promise.all(Array.from({ length: 100 }, () => addCredential(tenancy, id, owner)));
    const caller = members.at(-1) as Resident;
    const remove = (headers = {}) => http('DELETE', `/workspaces/${id}`, { token: caller.token, headers });
    await tenancy.table.transact([quotaMove(id, { vms: 1, vcpus: 2 })]);
    expect((await remove()).body.data).toEqual({ blocking: { vms: 1 } });
    await tenancy.table.transact([quotaMove(id, { vms: -1, vcpus: -2 })]);
    const asked = await remove({ 'if-match': '"1"' });
    expect([asked.status, asked.body.message]).toEqual([202, 'workspace deletion started']);
    const { body } = await http('GET', `/workspaces/${id}`, { token: owner.token });
    expect(body.data).toMatchObject({ is_active: false, deletion: { state: 'in_progress' } });
    const input = await inputOf(tenancy, id);
    // Asked again meanwhile: the same answer, and no other workflow.
    expect((await remove({ 'if-match': '"1"' })).status).toBe(202);
    expect(await inputOf(tenancy, id)).toEqual(input);
    const outcome = await execute(input, (task) => createSteps(tenancy, id)(task as unknown as StepInput));
    expect(outcome).toMatchObject({ status: 'succeeded', transitions: 2 });
    await expectGone(id, [owner, ...members]);
  }, 60_000);

  it('that is cut off anywhere is finished by nobody’s asking', async () => {
    const { settle, found } = tenancy;
    const owner = await settle();
    // Its transactions: closing, then of the workflow the credential, 45 members, the end.
    for (let stop = 1; stop <= 4; stop += 1) {
      const id = await found(owner);
      const members = await addMembers(tenancy, id, owner, 49);
      await addCredential(tenancy, id, owner);
      const table = failingAfter(backend, stop);
      const asked = await createTenancy(backend, { table }).http('DELETE', `/workspaces/${id}`, { token: owner.token });
      expect([stop, asked.status]).toEqual([stop, stop === 1 ? 500 : 202]);
      if (stop === 1) {
        const { body } = await tenancy.http('GET', `/workspaces/${id}`, { token: owner.token });
        expect(body.data.is_active).toBe(true);
        continue;
      }
      const steps = [createSteps(tenancy, id, { table }), createSteps(tenancy, id)] as const;
      let failures = 0;
      const outcome = await execute(await inputOf(tenancy, id), (task) =>
        steps[failures === 0 ? 0 : 1](task as unknown as StepInput).catch((error: unknown) => {
          failures += 1;
          throw error;
        }),
      );
      expect([outcome.status, failures]).toEqual(['succeeded', 1]);
      await expectGone(id, [owner, ...members]);
    }
  }, 60_000);

  it('races with joins, leaves, new credentials and itself, and leaves nothing behind', async () => {
    const { http, settle, found, join } = tenancy;
    for (let round = 0; round < 10; round += 1) {
      const [owner, second] = [await settle(), await settle()];
      const id = await found(owner);
      await join(id, second, 'owner', owner);
      const joiners = await Promise.all(Array.from({ length: 4 }, () => settle()));
      const post = (path: string, body: object) => http('POST', path, { token: owner.token, body });
      const answers = await Promise.all([
        ...joiners.slice(0, 2).map(({ id: user_id }) => post(`/workspaces/${id}/members`, { user_id, role: 'viewer' })),
        post('/credentials', { workspace_id: id, provider: 'aws', data }),
        http('DELETE', `/workspaces/${id}`, { token: owner.token }),
        http('DELETE', `/workspaces/${id}`, { token: second.token }),
        ...joiners.slice(2).map(({ id: user_id }) => post(`/workspaces/${id}/members`, { user_id, role: 'viewer' })),
        post('/credentials', { workspace_id: id, provider: 'aws', data }),
        http('DELETE', `/workspaces/${id}/members/${second.id}`, { token: second.token }),
        http('PUT', `/workspaces/${id}`, { token: owner.token, body: { name: `renamed ${round}` } }),
      ]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      await expectGone(id, [owner, second, ...joiners]);
      expect([(await tenancy.principalOf(owner))['owned'], (await tenancy.principalOf(second))['owned']]).toEqual([
        0, 0,
      ]);
    }
  }, 60_000);
});

/** A table on which the nth transaction, and every later one, fails before it does anything. */
function failingAfter({ client, tableName }: Backend, nth: number): Table {
  const table = createTable({ client: createTableClient(client), tableName });
  let transactions = 0;
  return {
    ...table,
    transact: async (writes: readonly Write[], token?: string) => {
      transactions += 1;
      if (transactions >= nth) throw new Error('the process was killed');
      return table.transact(writes, token);
    },
  };
}
