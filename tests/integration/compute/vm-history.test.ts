import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { toEventItem } from '../../../functions/compute/store/vm-event.ts';
import { toDeletedVmItem, toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { vmRecord } from '../../unit/compute/vm-record.ts';
import { makeVmWorld, type VmWorld } from './vm-world.ts';

let backend: Backend;
let world: VmWorld;
beforeAll(async () => {
  backend = await startBackend();
  world = await makeVmWorld(backend);
}, 60_000);
afterAll(() => backend?.stop());

const eventAt = (at: string, given: Partial<VmEvent> = {}): VmEvent => ({
  id: uuidv7(),
  at,
  action: 'stop',
  request_id: 'req_1',
  step: 'stop',
  outcome: 'succeeded',
  took_ms: 12,
  reason: null,
  ...given,
});

const add = (vmId: string, event: VmEvent) =>
  backend.table.write({ put: toEventItem({ id: vmId, workspace_id: world.workspaceId }, event) });
const minute = (n: number) => `2026-02-01T00:${String(n).padStart(2, '0')}:00.000Z`;
const page = async (vmId: string, query = '') => {
  const answer = await world.call('GET', `/${vmId}/events?${query}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data as { events: VmEvent[]; pagination: { next_cursor: string | null; total: number } };
};

describe('what a VM went through', () => {
  it('is answered newest first or oldest first, each step with its outcome and the call that it follows from', async () => {
    const vmId = await world.place('running');
    const failed = { outcome: 'failed', reason: 'CAPACITY_LACKING: none left', request_id: null } as const;
    const events = [eventAt(minute(1)), eventAt(minute(2), failed), eventAt(minute(3))];
    for (const event of events) await add(vmId, event);
    const { events: newest, pagination } = await page(vmId);
    expect(newest).toEqual(events.toReversed());
    expect(pagination).toEqual({ limit: 20, offset: 0, total: 3, has_next: false, has_prev: false, next_cursor: null });
    expect((await page(vmId, 'sort=at:asc')).events).toEqual(events);
    expect((await page(await world.place('running'))).events).toEqual([]);
    expect((await page(vmId, 'offset=1&limit=1')).events).toEqual([events[1]]);
  });

  it('is read by cursor to its end, whatever comes meanwhile', async () => {
    const vmId = await world.place('running');
    const events = Array.from({ length: 7 }, (_, n) => eventAt(minute(Math.floor(n / 2))));
    for (const event of events) await add(vmId, event);
    const read: VmEvent[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      const found = await page(vmId, `limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      read.push(...found.events);
      expect([pages < 3, found.pagination.total]).toEqual([true, 7]);
      cursor = found.pagination.next_cursor;
      await add(vmId, eventAt(minute(59)));
    }
    const sorted = events.toSorted((a, b) => (`${a.at}${a.id}` < `${b.at}${b.id}` ? 1 : -1));
    expect(read).toEqual(sorted);
  });

  it('takes no cursor of another VM, of another order, or with an offset', async () => {
    const [vmId, other] = [await world.place('running'), await world.place('running')];
    for (let n = 0; n < 3; n += 1) await add(vmId, eventAt(minute(n)));
    const cursor = encodeURIComponent(String((await page(vmId, 'limit=1')).pagination.next_cursor));
    const refused = [`${other}/events?cursor=${cursor}`];
    for (const query of [`sort=at:asc&cursor=${cursor}`, `offset=1&cursor=${cursor}`, 'cursor=x', 'sort=step:asc'])
      refused.push(`${vmId}/events?${query}`);
    for (const path of refused) expect((await world.call('GET', `/${path}`)).body.code).toBe('VALIDATION_ERROR');
  });

  it('is nobody’s else, and outlives the VM for a day', async () => {
    const { workspaceId, tenancy } = world;
    const stranger = await tenancy.settle();
    const now = new Date();
    const gone = (at: Date) =>
      vmRecord({ id: uuidv7(), workspace_id: workspaceId, status: 'deleted', deleted_at: at.toISOString() });
    const [lately, longSince] = [gone(now), gone(new Date(now.getTime() - 25 * 3_600_000))];
    for (const vm of [lately, longSince]) {
      await backend.table.write({ put: toDeletedVmItem(vm, now) });
      await add(vm.id, eventAt(String(vm.deleted_at), { action: 'delete', step: 'record-deleted' }));
    }
    const by = async (token: string, vmId: string) =>
      (await world.http('GET', `/vms/${vmId}/events`, { token })).status;
    const { token } = world.owner;
    const told = { action: 'delete', step: 'record-deleted' } as const;
    expect((await page(lately.id)).events).toMatchObject([told]);
    // Whose VM a row is of, it says itself; what it says is not taken of who is no member there.
    const foreign = vmRecord({ id: uuidv7(), workspace_id: uuidv7(), status: 'running' });
    await backend.table.write({ put: toVmItem(foreign) });
    await backend.table.write({ put: toEventItem(foreign, eventAt(minute(1))) });
    expect(await by(token, foreign.id)).toBe(404);
    expect([await by(stranger.token, lately.id), await by(token, longSince.id), await by(token, randomUUID())]).toEqual(
      [404, 404, 404],
    );
  });
});
