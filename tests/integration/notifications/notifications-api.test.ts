import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import { withoutConditions } from '../identity/unguarded-table.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createNoticeBoard, eventOf, type NoticeBoard, vmRuns } from './notice-board.ts';

let backend: Backend;
let tenancy: Tenancy;
let board: NoticeBoard;
beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  board = createNoticeBoard(tenancy.table);
});
afterAll(() => backend.stop());

const vms = (count: number) => Array.from({ length: count }, (_, nth) => `vm-${nth}`);
const read = (on: NoticeBoard, { token }: Resident, id: string) =>
  on.http('PUT', `/notifications/${id}/read`, { token });

async function somebodyWith(count: number): Promise<{ user: Resident; ids: string[] }> {
  const user = await tenancy.settle();
  await Promise.all(vms(count).map((vm) => board.handle(vmRuns(vm, user))));
  const { notifications } = await board.list(user, '?limit=100');
  return { user, ids: notifications.map(({ id }) => id) };
}

describe('notifications', () => {
  it('are marked as read one by one, once, and all at once', async () => {
    const { user, ids } = await somebodyWith(3);
    const first = await read(board, user, String(ids[0]));
    expect(first.body).toMatchObject({ message: 'notification marked as read', data: { id: ids[0], is_read: true } });
    expect((await read(board, user, String(ids[0]))).status).toBe(200);
    expect((await board.list(user)).unread_count).toBe(2);
    expect((await board.list(user, '?unread_only=true')).notifications.map(({ id }) => id)).toEqual(ids.slice(1));
    const { token } = user;
    const all = await board.http('PUT', '/notifications/read-all', { token, headers: { 'accept-language': 'ko' } });
    expect(all.body).toMatchObject({ message: '모든 알림이 읽음 처리되었습니다', data: { unread_count: 0 } });
    const after = await board.list(user);
    expect(after.unread_count).toBe(0);
    expect(after.notifications.every(({ is_read }) => is_read)).toBe(true);
    await board.handle(vmRuns('new', user));
    expect((await board.list(user)).unread_count).toBe(1);
  });

  it('may all be marked as read where there are none', async () => {
    const { token, ...user } = await tenancy.settle();
    expect((await board.http('PUT', '/notifications/read-all', { token })).status).toBe(200);
    await board.handle(vmRuns('first', { ...user, token }));
    expect((await board.list({ ...user, token })).unread_count).toBe(1);
  });

  it('are counted out when they are deleted unread, and not when they were read', async () => {
    const { user, ids } = await somebodyWith(3);
    const { token } = user;
    await read(board, user, String(ids[0]));
    for (const id of ids.slice(0, 2))
      expect((await board.http('DELETE', `/notifications/${id}`, { token })).status).toBe(200);
    expect(await board.list(user)).toMatchObject({ unread_count: 1, pagination: { total: 1 } });
    expect((await board.http('DELETE', `/notifications/${ids[0]}`, { token })).status).toBe(404);
    await board.http('PUT', '/notifications/read-all', { token });
    expect((await board.http('DELETE', `/notifications/${ids[2]}`, { token })).status).toBe(200);
    expect(await board.list(user)).toMatchObject({ unread_count: 0, pagination: { total: 0 } });
  });

  it('of others are not found', async () => {
    const [{ ids }, stranger] = [await somebodyWith(1), await tenancy.settle()];
    expect((await read(board, stranger, String(ids[0]))).status).toBe(404);
    const gone = await board.http('DELETE', `/notifications/${ids[0]}`, { token: stranger.token });
    expect(gone.status).toBe(404);
  });

  it('have paths of their own that are not taken for one: another method is 405, and says which there are', async () => {
    const { token } = await tenancy.settle();
    for (const [name, allow] of [
      ['read-all', 'PUT'],
      ['preferences', 'GET, PUT'],
    ]) {
      const refused = await board.http('DELETE', `/notifications/${name}`, { token });
      expect([refused.status, refused.body.code, refused.headers.get('allow')]).toEqual([
        405,
        'VALIDATION_ERROR',
        allow,
      ]);
    }
  });

  it('come in pages by cursor, newest or oldest first, each once, and by type and priority', async () => {
    const { user } = await somebodyWith(7);
    const params = { vm: 'broken', reason: 'MACHINE_GONE' };
    await board.handle(eventOf({ type: 'notification_due', kind: 'vm_error', user_ids: [user.id], params }));
    const whole = (await board.list(user, '?limit=100')).notifications.map(({ id }) => id);
    for (const [sort, expected] of [
      ['created_at:desc', whole],
      ['created_at:asc', whole.toReversed()],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await board.list(user, `?limit=3&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        seen.push(...page.notifications.map(({ id }) => id));
        expect([page.pagination.total, page.unread_count]).toEqual([8, 8]);
        cursor = page.pagination.next_cursor;
      }
      expect(seen).toEqual(expected);
    }
    expect((await board.list(user, '?offset=6&limit=5')).notifications.map(({ id }) => id)).toEqual(whole.slice(6));
    expect((await board.list(user, '?type=error&type=info')).pagination.total).toBe(1);
    expect((await board.list(user, '?priority=medium')).pagination.total).toBe(7);
  });

  it('go after 90 days, and are counted no longer, whenever the table drops them', async () => {
    const user = await tenancy.settle();
    const made = '2026-02-01T12:00:00.000Z';
    let now = new Date(made);
    const aging = createNoticeBoard(tenancy.table, () => now);
    await aging.handle(vmRuns('old', user, made));
    await aging.handle(vmRuns('younger', user, '2026-02-02T12:00:00.000Z'));
    const [id] = (await aging.list(user)).notifications.map((one) => one.id);
    expect((await aging.list(user)).unread_count).toBe(2);
    now = new Date('2026-05-03T00:00:00.000Z');
    expect(await aging.list(user)).toMatchObject({ unread_count: 1, pagination: { total: 1 } });
    now = new Date('2026-05-04T00:00:00.000Z');
    expect(await aging.list(user)).toMatchObject({ unread_count: 0, pagination: { total: 0 } });
    expect((await read(aging, user, String(id))).status).toBe(404);
    // An event that waited as long is told to nobody; a new one takes the old counts away.
    await aging.handle(vmRuns('too late', user, made));
    await aging.handle(vmRuns('new', user, now.toISOString()));
    expect(await aging.list(user)).toMatchObject({ unread_count: 1, pagination: { total: 1 } });
    const state = await tenancy.table.get({ pk: `NOTIFICATION#${user.id}`, sk: 'STATE' });
    expect(Object.keys(state?.['unread'] as object)).toHaveLength(1);
  });
});

describe('preferences', () => {
  it('are the same to all who never set any, and change under a version', async () => {
    const { token } = await tenancy.settle();
    const before = await board.http('GET', '/notifications/preferences', { token });
    expect(before.body.data).toMatchObject({ version: 0, language: 'en', time_zone: 'UTC', quiet_hours: null });
    const body = { quiet_hours: { start: '22:00', end: '07:00' }, time_zone: 'Asia/Seoul' };
    const set = (headers: Record<string, string>) =>
      board.http('PUT', '/notifications/preferences', { token, body, headers });
    expect((await set({ 'if-match': '"0"' })).body.data).toMatchObject({ ...body, version: 1 });
    expect((await set({ 'if-match': '"0"' })).status).toBe(409);
    expect((await board.http('GET', '/notifications/preferences', { token })).body.data).toMatchObject(body);
  });

  it('can’t silence what concerns the account', async () => {
    const { token } = await tenancy.settle();
    const body = { email: { account: false } };
    expect((await board.http('PUT', '/notifications/preferences', { token, body })).status).toBe(400);
  });
});

/** Raising, reading twice, deleting and reading all, at once; answers what is counted and what is there. */
async function runRace(on: NoticeBoard): Promise<{ counted: number; unread: number }> {
  const { user, ids } = await somebodyWith(6);
  const { token } = user;
  const answers = await Promise.all([
    ...ids.slice(0, 4).flatMap((id) => [read(on, user, id), read(on, user, id), read(on, user, id)]),
    ...ids.slice(3, 5).map((id) => on.http('DELETE', `/notifications/${id}`, { token })),
    on.http('PUT', '/notifications/read-all', { token }),
    ...vms(4).map((vm) => on.handle(vmRuns(`late ${vm}`, user))),
  ]);
  for (const answer of answers) if (answer !== undefined) expect([200, 404, 409]).toContain(answer.status);
  const { notifications, unread_count } = await board.list(user, '?limit=100');
  return { counted: unread_count, unread: notifications.filter(({ is_read }) => !is_read).length };
}

describe('what is unread', () => {
  it('is what is counted, however reading, deleting and raising meet', async () => {
    for (let nth = 0; nth < rounds(10, 100); nth += 1) {
      const { counted, unread } = await runRace(board);
      expect(counted).toBe(unread);
    }
  });

  it('is not what is counted where the guards are taken off', async () => {
    const loose = withoutConditions(tenancy.table, ({ pk }) => pk.startsWith('NOTIFICATION#'));
    const careless = createNoticeBoard(loose);
    const outcomes: { counted: number; unread: number }[] = [];
    for (let nth = 0; nth < 10; nth += 1) outcomes.push(await runRace(careless));
    expect(loose.lifted).toBeGreaterThan(0);
    expect(outcomes.some(({ counted, unread }) => counted !== unread)).toBe(true);
  });
});
