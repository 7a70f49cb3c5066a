import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schedule } from '../../../functions/compute/domain/schedule.ts';
import { scheduleTimer } from '../../../functions/compute/schedule/next-run.ts';
import { createScheduleStore } from '../../../functions/compute/store/schedule-store.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { timerWrite } from '../../../functions/platform/timers/timer-item.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { Crash, crashingTable } from '../reconcile/crashing-table.ts';
import { makeTimerWorld, start, type TimerWorld } from './timer-world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const writtenAt = '2026-02-01T09:00:00.000Z';
const stopAt = '2026-02-01T18:00:00.000Z';
const startAt = '2026-02-02T08:00:00.000Z';
const minutesAfter = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** A workspace that starts at eight and stops at six, as the routes write it. */
async function makeScheduled(
  given: Partial<Schedule> = {},
  workspace: object = { is_active: true },
): Promise<TimerWorld> {
  const world = await makeTimerWorld(backend);
  const plain = { start: '0 8 * * *', stop: '0 18 * * *', time_zone: 'UTC', enabled: true, version: 1 };
  const schedule = { ...plain, workspace_id: world.workspaceId, updated_at: start, ...given };
  const timers = (['start', 'stop'] as const).flatMap(
    (action) => scheduleTimer(schedule, action, new Date(writtenAt)) ?? [],
  );
  const item = { put: { pk: `WS#${world.workspaceId}`, sk: 'WS', ...workspace } };
  await world.table.transact([createScheduleStore(world.table).put(schedule), item, ...timers.map(timerWrite)]);
  return world;
}

const statusesOf = async ({ vm }: TimerWorld, vms: readonly { id: string }[]) =>
  Promise.all(vms.map(async ({ id }) => (await vm(id))?.status));
const due = async (world: TimerWorld) => (await world.timers()).map(({ kind, at }) => [kind, at]);

describe('a schedule', () => {
  it('stops all that runs, later starts all that is stopped, and goes on with the next day', async () => {
    const world = await makeScheduled();
    const statuses = ['running', 'running', 'stopped', 'error'] as const;
    const vms = await Promise.all(statuses.map((status) => world.make({ status })));
    await world.fireAt(minutesAfter(stopAt, -1));
    expect(await statusesOf(world, vms)).toEqual(statuses);
    await world.fireAt(stopAt);
    expect(await statusesOf(world, vms)).toEqual(['stopping', 'stopping', 'stopped', 'error']);
    for (const vm of vms.slice(0, 2)) await world.set(vm, { status: 'stopped' });
    await world.lookFrom(startAt);
    await world.fireAt(startAt);
    expect(await statusesOf(world, vms)).toEqual(['starting', 'starting', 'starting', 'error']);
    expect(await due(world)).toEqual([
      ['schedule_stop', '2026-02-02T18:00:00.000Z'],
      ['schedule_start', '2026-02-03T08:00:00.000Z'],
    ]);
  });

  it('starts no VM that has expired, and tells nobody that it could not', async () => {
    const world = await makeScheduled();
    const expired = { expires_at: '2026-02-02T07:00:00.000Z' };
    const vms = [
      await world.make({ ...expired, status: 'stopped' }),
      await world.make({ ...expired, status: 'stopping' }),
      await world.make({ expires_at: '2026-02-03T07:00:00.000Z', status: 'stopped' }),
    ];
    await world.lookFrom(startAt);
    await world.fireAt(startAt);
    expect(await statusesOf(world, vms)).toEqual(['stopped', 'stopping', 'starting']);
    await world.fireAt(minutesAfter(startAt, 21));
    expect(
      (await world.notices()).filter(({ event }) => (event as { kind: string }).kind === 'schedule_failed'),
    ).toEqual([]);
  });

  it('waits for who is busy, does not overrule who starts a VM again meanwhile, and tells of whom it can not reach', async () => {
    const world = await makeScheduled();
    const [first, stuck] = [await world.make({}), await world.make({ status: 'starting', name: 'stuck' })];
    await world.fireAt(stopAt);
    expect(await statusesOf(world, [first, stuck])).toEqual(['stopping', 'starting']);
    await world.set(first, { status: 'running' });
    await world.fireAt(minutesAfter(stopAt, 1));
    expect(await statusesOf(world, [first, stuck])).toEqual(['running', 'starting']);
    expect(await world.notices()).toEqual([]);
    await world.fireAt(minutesAfter(stopAt, 21));
    expect(await world.notices()).toMatchObject([
      { event: { kind: 'schedule_failed', params: { vm: 'stuck', action: 'stop' }, workspace_id: world.workspaceId } },
    ]);
    expect((await due(world)).length).toBe(2);
  });

  it('stops a VM twice without the mark of its run (control)', async () => {
    const world = await makeScheduled();
    const [first, stuck] = [await world.make({}), await world.make({ status: 'starting' })];
    await world.fireAt(stopAt);
    await world.set(first, { status: 'running', scheduled_for: null });
    await world.fireAt(minutesAfter(stopAt, 1));
    expect(await statusesOf(world, [first, stuck])).toEqual(['stopping', 'starting']);
  });

  it('that was changed, switched off or taken away does not fire', async () => {
    for (const change of [{ version: 2 }, { version: 2, enabled: false }, { version: 2, stop: null }]) {
      const world = await makeScheduled();
      const vm = await world.make({});
      const before = await createScheduleStore(world.table).find(world.workspaceId);
      await world.table.transact([createScheduleStore(world.table).put({ ...before, ...change })]);
      await world.fireAt(stopAt);
      expect([await statusesOf(world, [vm]), (await due(world)).length]).toEqual([['running'], 1]);
    }
  });

  it('of an inactive workspace does nothing but go on, of one that is gone it ends', async () => {
    const world = await makeScheduled({}, { is_active: false });
    const vm = await world.make({});
    await world.fireAt(stopAt);
    expect([await statusesOf(world, [vm]), (await due(world)).length]).toEqual([['running'], 2]);
    await world.table.write({ delete: { pk: `WS#${world.workspaceId}`, sk: 'WS' } });
    await world.lookFrom('2026-02-02T06:00:00.000Z');
    await world.fireAt('2026-02-02T18:00:00.000Z');
    expect(await due(world)).toEqual([]);
    expect((await createScheduleStore(world.table).find(world.workspaceId)).version).toBe(0);
  });

  it('whose ticks were missed does the last of what is due, once', async () => {
    const world = await makeScheduled();
    const [running, stopped] = [await world.make({}), await world.make({ status: 'stopped' })];
    await world.fireAt('2026-02-04T09:00:00.000Z');
    expect(await statusesOf(world, [running, stopped])).toEqual(['running', 'starting']);
    expect(await due(world)).toEqual([
      ['schedule_stop', '2026-02-04T18:00:00.000Z'],
      ['schedule_start', '2026-02-05T08:00:00.000Z'],
    ]);
  });

  it('that dies at any call is gone on with, and acts on no VM twice', async () => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call += 1) {
        const world = await makeScheduled();
        const vms = [await world.make({}), await world.make({}), await world.make({})];
        await world.lookFrom(stopAt);
        const { table, state }: { table: Table; state: { crashed: boolean } } = crashingTable(world.table, {
          call,
          when,
        });
        await world.fireAt(stopAt, table).catch((error: unknown) => {
          if (!(error instanceof Crash) && !String(error).includes('cannot fire')) throw error;
        });
        if (!state.crashed) break;
        crashes += 1;
        await world.fireAt(stopAt);
        await world.fireAt(minutesAfter(stopAt, 2));
        for (const { id, version } of vms) {
          const vm = await world.vm(id);
          expect([vm?.status, vm?.version]).toEqual(['stopping', version + 1]);
        }
        expect((await due(world)).length).toBe(2);
      }
    }
    expect(crashes).toBeGreaterThan(12);
  });
});
