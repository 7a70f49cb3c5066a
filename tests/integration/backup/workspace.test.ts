import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { listGroups } from '../../../functions/compute/store/registry.ts';
import { toVm } from '../../../functions/compute/store/vm-item.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { fireTimer } from '../../../functions/compute/timers/fire-timer.ts';
import { fireTimers } from '../../../functions/compute/timers/fire-timers.ts';
import { importWorkspace } from '../../../infra/commands/backup/import-workspace.ts';
import type { BackupTable } from '../../../infra/commands/backup/table.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { makeVmWorld, type VmWorld } from '../compute/vm-world.ts';
import type { Resident } from '../workspaces/tenancy.ts';
import { type BackupWorld, changesIn, createBackupWorld, itemsIn, withStream } from './backup-world.ts';

let backend: Backend;
let backups: BackupWorld;
let backup: BackupTable;
beforeAll(async () => {
  backend = await startBackend();
  backups = createBackupWorld(backend);
  backup = backups.backupOf(backend.tableName);
}, 60_000);
afterAll(() => backend?.stop());

const hour = 3_600_000;
const expires_at = new Date(Date.now() + 72 * hour).toISOString();

let world: VmWorld;
let member: Resident;
let vmId: string;
let file: string;

beforeEach(async () => {
  world = await makeVmWorld(backend);
  member = await world.tenancy.settle();
  await world.tenancy.join(world.workspaceId, member, 'member', world.owner);
  vmId = await world.place('running', { expires_at });
  await addEvent();
  file = await backups.exported(backup);
});

const event = () => ({
  id: uuidv7(),
  at: new Date().toISOString(),
  action: 'create' as const,
  step: 'record-running' as const,
  outcome: 'succeeded' as const,
  request_id: null,
  took_ms: 1,
  reason: null,
});
const lifecycle = () => createLifecycleStore(world.tenancy.table, holdings);
const addEvent = () => lifecycle().addEvent({ workspaceId: world.workspaceId, vmId }, event());

/** By its owner, its VM first; then everything of it is gone that the product drops in time. */
async function deleteWorkspace(...others: string[]): Promise<void> {
  const { tenancy, workspaceId, owner } = world;
  for (const id of [vmId, ...others]) {
    const vm = toVm({ ...(await world.item(id)), status: 'deleting' });
    await tenancy.table.write({ put: { ...(await world.item(id)), status: 'deleting' } });
    expect(await lifecycle().remove(vm, event(), new Date())).toBe(true);
  }
  const path = `/workspaces/${workspaceId}`;
  expect(await tenancy.http('DELETE', path, { token: owner.token })).toMatchObject({ status: 200 });
  const left = [...(await itemsIn(backup)).values()].filter(({ pk, sk, workspace_id }) => {
    const ofWorkspace =
      workspace_id?.S === workspaceId || sk?.S?.startsWith(workspaceId) || pk?.S === `WS#${workspaceId}`;
    return ofWorkspace && !pk?.S?.startsWith('AUDIT');
  });
  await backup.remove(left);
}

const restore = (table = backup) => importWorkspace(table, file, world.workspaceId);
const idsListed = async ({ token }: Resident) => {
  const { body } = await world.tenancy.http('GET', '/workspaces', { token });
  return body.data.workspaces.map(({ id }: { id: string }) => id);
};

describe('a workspace that was deleted', () => {
  it('is back for its members, with its VM, its history and its counts', async () => {
    const [quota, item] = [await world.quota(), await world.item(vmId)];
    await deleteWorkspace();
    expect([await idsListed(world.owner), (await world.call('GET', `/${vmId}`)).status]).toEqual([[], 404]);
    expect(await restore()).toMatchObject({ vms: 1, members: 2, gone: [] });
    expect([await idsListed(world.owner), await idsListed(member)]).toEqual([[world.workspaceId], [world.workspaceId]]);
    expect((await world.call('GET', `/${vmId}`)).body.data).toMatchObject({ status: 'running', expires_at });
    expect((await world.call('GET', `/${vmId}/events`)).body.data.events).toHaveLength(1);
    expect(await world.quota()).toEqual(quota);
    const restored = await world.item(vmId);
    expect(restored).not.toHaveProperty('imported');
    expect(Number(restored['run']) - Number(item['run'])).toBeGreaterThan(1_000_000);
    expect(await world.tenancy.principalOf(world.owner)).toMatchObject({ owned: 1, ws: { [world.workspaceId]: 'o' } });
    expect(await world.tenancy.principalOf(member)).toMatchObject({ owned: 0, ws: { [world.workspaceId]: 'm' } });
  });

  it('can be used as before', async () => {
    await deleteWorkspace();
    await restore();
    expect((await world.create()).status).toBe(201);
    const again = await world.tenancy.http('POST', '/workspaces', {
      token: world.owner.token,
      body: { name: (await backend.table.get({ pk: `WS#${world.workspaceId}`, sk: 'WS' }))?.['name'] },
    });
    expect([again.status, await idsListed(world.owner)]).toEqual([409, [world.workspaceId]]);
    expect((await world.call('POST', `/${vmId}/stop`)).status).toBe(202);
  });

  it('can be deleted again, and restored again', async () => {
    for (const _ of [1, 2]) {
      await deleteWorkspace();
      await restore();
    }
    expect(await idsListed(member)).toEqual([world.workspaceId]);
  });

  it('is looked at by the reconciler, and its VM expires', async () => {
    const { table } = world.tenancy;
    await deleteWorkspace();
    // The clock has gone on since.
    await table.write({ put: { pk: 'TIMER', sk: 'WATERMARK', hour: '2999-01-01T00' } });
    await restore();
    const groups = (await listGroups(table)).filter(({ workspace_id }) => workspace_id === world.workspaceId);
    expect(groups).toMatchObject([{ credential_id: world.credentialId }]);
    const now = () => new Date(Date.parse(expires_at) + hour);
    const fire = fireTimer({ table, vms: createVmStore(table), now });
    await fireTimers({ table, fire, now, logger: { error: () => undefined } });
    expect(await world.item(vmId)).toMatchObject({ status: 'stopping' });
  });

  it('brings back neither sessions nor roles that a user had, nor users who are gone', async () => {
    await deleteWorkspace();
    const { pk } = await world.tenancy.principalOf(member);
    await backend.table.write({ delete: { pk, sk: 'PRINCIPAL' } });
    const before = await world.tenancy.principalOf(world.owner);
    await backend.table.write({ put: { ...before, role: 'viewer', ss: { session: { new: true } } } });
    expect(await restore()).toMatchObject({ members: 1, gone: [member.id] });
    expect(await world.tenancy.principalOf(world.owner)).toMatchObject({
      role: 'viewer',
      ss: { session: { new: true } },
    });
    expect(await backend.table.get({ pk, sk: 'PRINCIPAL' })).toBeUndefined();
    expect(await world.quota()).toMatchObject({ members: 1, owners: 1 });
  });

  it('goes to another owner where its own is gone, and to nobody where there is none', async () => {
    const heir = await world.tenancy.settle();
    await world.tenancy.join(world.workspaceId, heir, 'owner', world.owner);
    file = await backups.exported(backup);
    await deleteWorkspace();
    await backend.table.write({ delete: { pk: `PRINCIPAL#${world.owner.id}`, sk: 'PRINCIPAL' } });
    const heirs = await world.tenancy.principalOf(heir);
    await backend.table.write({ delete: { pk: heirs.pk, sk: 'PRINCIPAL' } });
    await expect(restore()).rejects.toThrow('none of the workspace’s owners is a user any more');
    await backend.table.write({ put: heirs });
    await restore();
    expect(await backend.table.get({ pk: `WS#${world.workspaceId}`, sk: 'WS' })).toMatchObject({ owner_id: heir.id });
    expect(await world.tenancy.principalOf(heir)).toMatchObject({ owned: 1, ws: { [world.workspaceId]: 'o' } });
  });

  it('and had a VM that was being created has it in error, and counted as that', async () => {
    const { body } = await world.create();
    file = await backups.exported(backup);
    await deleteWorkspace(body.data.id);
    const countsKey = { pk: 'SYSTEM', sk: 'COUNTS' };
    await backend.table.write({ put: { ...countsKey, vms_error: 1 } });
    await restore();
    expect(await world.item(body.data.id)).toMatchObject({
      status: 'error',
      status_reason: 'RESTORED',
      launch: 'none',
    });
    expect(await backend.table.get(countsKey)).toMatchObject({ vms_error: 2, vms_running: 1 });
  });

  it('is counted again, and nothing else follows from it', async () => {
    const countsKey = { pk: 'SYSTEM', sk: 'COUNTS' };
    await deleteWorkspace();
    await backend.table.write({ put: { ...countsKey, workspaces: 5, credentials: 5, vms_running: 5 } });
    const { table, records } = withStream(backup);
    await restore(table);
    expect(await backend.table.get(countsKey)).toMatchObject({ workspaces: 6, credentials: 6, vms_running: 6 });
    expect(changesIn(records)).toEqual([]);
  });

  it('is whole after any interruption and another try, and then is there', async () => {
    await deleteWorkspace();
    await backend.table.write({ put: { pk: 'SYSTEM', sk: 'COUNTS', workspaces: 5 } });
    let interruptions = 0;
    for (let most = 1; ; most += 3) {
      const done = await restore(failingAfter(most)).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('interrupted');
          return false;
        },
      );
      if (done) break;
      interruptions += 1;
    }
    expect(interruptions).toBeGreaterThanOrEqual(3);
    const counts = await backend.table.get({ pk: 'SYSTEM', sk: 'COUNTS' });
    expect(counts).toMatchObject({ workspaces: 6 });
    expect(await world.tenancy.principalOf(world.owner)).toMatchObject({ owned: 1 });
    const rows = await world.tenancy.rowsOf(world.workspaceId);
    expect(rows.filter((row) => 'imported' in row)).toEqual([]);
    await expect(restore()).rejects.toThrow(`the workspace ${world.workspaceId} is there`);
    expect(await backend.table.get({ pk: 'SYSTEM', sk: 'COUNTS' })).toEqual(counts);
  });

  it('is refused while another has its name, or where the backup is of another time', async () => {
    await expect(restore()).rejects.toThrow('is there');
    const name = String((await backend.table.get({ pk: `WS#${world.workspaceId}`, sk: 'WS' }))?.['name']);
    await deleteWorkspace();
    const other = await world.tenancy.found(world.owner, name);
    const before = await itemsIn(backup);
    await expect(restore()).rejects.toThrow(`another workspace of that name, ${other}`);
    await expect(importWorkspace(backup, file, uuidv7())).rejects.toThrow('holds no workspace');
    expect(await itemsIn(backup)).toEqual(before);
  });
});

/** A table that takes so many writes, and then no more. */
function failingAfter(most: number): BackupTable {
  let left = most;
  const spend = () => {
    left -= 1;
    if (left < 0) throw new Error('interrupted');
  };
  return {
    ...backup,
    put: async (items) => {
      spend();
      await backup.put(items);
    },
    putIf: async (item, condition) => {
      spend();
      return backup.putIf(item, condition);
    },
    updateIf: async (update) => {
      spend();
      return backup.updateIf(update);
    },
    updateAll: async (updates) => {
      spend();
      return backup.updateAll(updates);
    },
  };
}
