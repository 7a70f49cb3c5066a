import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMetered } from '../../../functions/platform/meter.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createNoticeBoard, eventOf, type NoticeBoard, vmRuns } from './notice-board.ts';

let backend: Backend;
let table: Table;
let tenancy: Tenancy;
let board: NoticeBoard;
beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  table = tenancy.table;
  board = createNoticeBoard(table);
});
afterAll(() => backend.stop());

const titles = async (resident: Resident) => (await board.list(resident)).notifications.map(({ title }) => title);
const itemsOf = ({ id }: Resident) => table.queryAll({ pk: `NOTIFICATION#${id}` });

describe('an event that is delivered three times', () => {
  it('makes one notification and one unread, one after the other and at once', async () => {
    const user = await tenancy.settle();
    for (const event of [vmRuns('first', user), vmRuns('second', user)]) {
      for (let times = 0; times < 3; times += 1) await board.handle(event);
    }
    const third = vmRuns('third', user);
    await Promise.all([board.handle(third), board.handle(third), board.handle(third)]);
    const { notifications, unread_count, pagination } = await board.list(user);
    expect(notifications).toHaveLength(3);
    expect([unread_count, pagination.total]).toEqual([3, 3]);
  });

  it('does not bring back what its user deleted', async () => {
    const user = await tenancy.settle();
    const event = vmRuns('gone', user);
    await board.handle(event);
    const [one] = (await board.list(user)).notifications;
    const gone = await board.http('DELETE', `/notifications/${one?.id}`, { token: user.token });
    expect(gone.status).toBe(200);
    await board.handle(event);
    expect(await board.list(user)).toMatchObject({ notifications: [], unread_count: 0 });
  });
});

describe('who is told', () => {
  it('are those named and the owners as they are now, each once', async () => {
    const [owner, second, member] = [await tenancy.settle(), await tenancy.settle(), await tenancy.settle()];
    const workspaceId = await tenancy.found(owner);
    await tenancy.join(workspaceId, second, 'owner', owner);
    await tenancy.join(workspaceId, member, 'member', owner);
    const params = { vm: 'shared' };
    const user_ids = [owner.id, member.id];
    await board.handle(
      eventOf({ type: 'notification_due', kind: 'vm_running', user_ids, workspace_id: workspaceId, params }),
    );
    for (const one of [owner, second, member]) expect(await titles(one)).toEqual(['VM shared is running']);
  });

  it('of a VM are no strangers to its workspace by now, though they made it', async () => {
    const [owner, left] = [await tenancy.settle(), await tenancy.settle()];
    const told = { type: 'notification_due', user_ids: [left.id], workspace_id: await tenancy.found(owner) } as const;
    await board.handle(eventOf({ ...told, kind: 'vm_running', params: { vm: 'kept' } }));
    expect(await titles(owner)).toEqual(['VM kept is running']);
    expect(await titles(left)).toEqual([]);
  });

  it('are told by names that are looked up, and nothing of a workspace that is gone', async () => {
    const [owner, leaver] = [await tenancy.settle('user', 'Minji'), await tenancy.settle('user', 'Joon')];
    const workspaceId = await tenancy.found(owner, 'lab');
    const removed = (workspace: string) =>
      eventOf({
        type: 'notification_due',
        kind: 'member_removed',
        user_ids: [leaver.id],
        workspace_id: workspace,
        params: { user: leaver.id, workspace },
        link: `/workspaces/${workspace}`,
      });
    await board.handle(removed(workspaceId));
    await board.handle(removed('019c0000-0000-7000-8000-0000000000aa'));
    for (const one of [owner, leaver]) {
      const { notifications } = await board.list(one);
      expect(notifications.map(({ message }) => message)).toEqual(['Joon is no longer a member of the workspace lab']);
      // Who is out would find nothing there.
      expect(notifications.map(({ link }) => link)).toEqual([one === owner ? `/workspaces/${workspaceId}` : null]);
    }
    const korean = await board.http('GET', '/notifications', {
      token: owner.token,
      headers: { 'accept-language': 'ko' },
    });
    expect(korean.body.data.notifications[0].title).toBe('워크스페이스 lab 구성원 제외');
  });

  it('are none who are disabled', async () => {
    const [owner, disabled] = [await tenancy.settle(), await tenancy.settle()];
    const workspaceId = await tenancy.found(owner);
    await tenancy.join(workspaceId, disabled, 'owner', owner);
    const change = { text: 'SET #is_active = :no', values: { no: false } };
    await table.write({ update: { pk: `USER#${disabled.id}`, sk: 'USER' }, change });
    const told = { type: 'notification_due', user_ids: [owner.id, disabled.id], workspace_id: workspaceId } as const;
    await board.handle(eventOf({ ...told, kind: 'vm_running', params: { vm: 'web-1' } }));
    expect(await titles(owner)).toEqual(['VM web-1 is running']);
    expect(await itemsOf(disabled)).toEqual([]);
  });

  it('by which channels is theirs to say; a notification for its mail alone is in no list', async () => {
    const user = await tenancy.settle();
    const body = { in_app: { vm: false }, language: 'ko' };
    const set = await board.http('PUT', '/notifications/preferences', { token: user.token, body });
    expect(set.body.data).toMatchObject({ in_app: { vm: false }, email: { vm: true }, language: 'ko', version: 1 });
    await board.handle(vmRuns('mailed', user));
    expect(await board.list(user)).toMatchObject({ notifications: [], unread_count: 0 });
    expect(await itemsOf(user)).toContainEqual(expect.objectContaining({ in_app: false, email: true, language: 'ko' }));
    await board.http('PUT', '/notifications/preferences', { token: user.token, body: { email: { vm: false } } });
    const before = (await itemsOf(user)).length;
    await board.handle(vmRuns('not at all', user));
    expect(await itemsOf(user)).toHaveLength(before);
  });

  it('without mails in the stage are told in the app alone', async () => {
    const user = await tenancy.settle();
    await createNoticeBoard(table, undefined, false).handle(vmRuns('unmailed', user));
    expect(await itemsOf(user)).toContainEqual(expect.objectContaining({ in_app: true, email: false }));
  });
});

describe('a user who is deleted', () => {
  it('has nothing left, and an event that comes later puts nothing', async () => {
    const user = await tenancy.settle();
    for (const vm of ['a', 'b', 'c']) await board.handle(vmRuns(vm, user));
    await board.http('PUT', '/notifications/preferences', { token: user.token, body: { language: 'ko' } });
    const deleted = eventOf({ type: 'user_deleted', user_id: user.id });
    await board.handle(deleted);
    await board.handle(deleted);
    // The user's own item is still there: this event was on its way.
    await board.handle(vmRuns('late', user));
    expect(await itemsOf(user)).toEqual([
      expect.objectContaining({ sk: 'STATE', closed: true, ttl: expect.any(Number) }),
    ]);
    await table.write({ delete: { pk: `USER#${user.id}`, sk: 'USER' } });
    await board.handle(vmRuns('later', user));
    expect(await itemsOf(user)).toHaveLength(1);
  });
});

describe('raising a notification', () => {
  it('costs 4 WCU a recipient, and a repeat as much', async () => {
    const [owner, member] = [await tenancy.settle(), await tenancy.settle()];
    const workspaceId = await tenancy.found(owner);
    await tenancy.join(workspaceId, member, 'member', owner);
    const told = { type: 'notification_due', user_ids: [member.id], workspace_id: workspaceId } as const;
    const event = eventOf({ ...told, kind: 'vm_running', params: { vm: 'web-1' }, link: '/vms/1' });
    const spend = () =>
      runMetered(async (meter) => {
        await board.handle(event);
        return { trips: meter.read('trips'), wcu: meter.read('wcu') };
      });
    expect(await spend()).toEqual({ trips: 5, wcu: 8 });
    expect(await spend()).toEqual({ trips: 5, wcu: 8 });
  });
});
