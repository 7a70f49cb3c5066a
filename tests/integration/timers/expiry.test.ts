import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item, Table } from '../../../functions/platform/table/types.ts';
import { adapt } from '../../../infra/commands/backup/adapt.ts';
import { awaitCrowd } from '../../support/crowd.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { Crash, crashingTable } from '../reconcile/crashing-table.ts';
import { makeTimerWorld, type TimerWorld } from './timer-world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const expires_at = '2026-02-03T12:00:00.000Z';
const day = '2026-02-02T12:00:00.000Z';
const hour = '2026-02-03T11:00:00.000Z';
const deletes_at = '2026-02-10T12:00:00.000Z';

const told = async (world: TimerWorld) =>
  (await world.notices()).map((item) => (item['event'] as { kind: string }).kind);
const due = async (world: TimerWorld) => (await world.timers()).map(({ kind, at }) => [kind, at]);
const statusOf = async (world: TimerWorld, { id }: { id: string }) => (await world.vm(id))?.status;

describe('a VM that expires', () => {
  it('is told of a day and an hour before, stopped then, and deleted seven days later', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at });
    expect(await due(world)).toEqual([['vm_notice_day', day]]);
    await world.fireAt('2026-02-02T11:59:00.000Z');
    expect(await told(world)).toEqual([]);
    await world.fireAt('2026-02-02T12:00:30.000Z');
    expect([await told(world), await due(world)]).toEqual([['vm_expiring'], [['vm_notice_hour', hour]]]);
    await world.fireAt('2026-02-03T11:00:00.000Z');
    expect([await told(world), await statusOf(world, vm)]).toEqual([['vm_expiring', 'vm_expiring'], 'running']);
    await world.fireAt('2026-02-03T12:00:20.000Z');
    expect([await statusOf(world, vm), (await told(world)).at(-1)]).toEqual(['stopping', 'vm_expired']);
    const [notice] = (await world.notices()).slice(-1);
    expect(notice).toMatchObject({
      type: 'notice',
      event: {
        user_ids: [vm.created_by],
        workspace_id: world.workspaceId,
        params: { vm: vm.name, status: 'stopping', deletes_at: '2026-02-10T12:00:20.000Z' },
      },
    });
    await world.set(vm, { status: 'stopped' });
    await world.fireAt('2026-02-10T12:00:00.000Z');
    expect(await statusOf(world, vm)).toBe('stopped');
    await world.fireAt('2026-02-10T12:01:00.000Z');
    expect(await statusOf(world, vm)).toBe('deleting');
    expect(await told(world)).toEqual(['vm_expiring', 'vm_expiring', 'vm_expired']);
  });

  it('does each but once, however often and at once it is fired', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at });
    for (const at of [day, hour, expires_at]) {
      await Promise.all(Array.from({ length: 5 }, () => world.fireAt(at)));
      await world.fireAt(at);
    }
    expect(await told(world)).toEqual(['vm_expiring', 'vm_expiring', 'vm_expired']);
    expect((await world.vm(vm.id))?.version).toBe(vm.version + 1);
  });

  it('does it twice where the timer’s removal is not held (control)', async () => {
    const world = await makeTimerWorld(backend);
    await world.make({ expires_at });
    const bothHaveLooked = awaitCrowd(2);
    const unguarded: Table = {
      ...world.table,
      async transact(writes) {
        await bothHaveLooked();
        return world.table.transact(writes.map((write) => ('delete' in write ? { delete: write.delete } : write)));
      },
    };
    await Promise.all(Array.from({ length: 5 }, () => world.fireAt(day, unguarded)));
    expect((await told(world)).length).toBeGreaterThan(1);
  });

  it('that is busy then is waited for', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at: '2026-02-01T00:30:00.000Z', status: 'starting' });
    await world.fireAt('2026-02-01T00:30:00.000Z');
    await world.fireAt('2026-02-01T00:31:00.000Z');
    expect([await statusOf(world, vm), await told(world)]).toEqual(['starting', []]);
    await world.set(vm, { status: 'running' });
    await world.fireAt('2026-02-01T00:32:00.000Z');
    expect([await statusOf(world, vm), await told(world)]).toEqual(['stopping', ['vm_expired']]);
  });

  it('that is stopped, or in error without a machine, is kept as it is, told of as that, and deleted later', async () => {
    for (const given of [{ status: 'stopped' }, { status: 'error', instance_id: null }] as const) {
      const world = await makeTimerWorld(backend);
      const vm = await world.make({ expires_at, ...given });
      await world.fireAt(expires_at);
      expect([await statusOf(world, vm), await due(world)]).toEqual([given.status, [['vm_delete', deletes_at]]]);
      const [notice] = await world.notices();
      expect(notice).toMatchObject({ event: { kind: 'vm_expired', params: { status: given.status, deletes_at } } });
      await world.fireAt(deletes_at);
      expect(await statusOf(world, vm)).toBe('deleting');
    }
  });

  it('whose stop did not take is stopped again each hour until it is, told of once, and deleted when its people were told', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at });
    await world.fireAt(expires_at);
    expect(await due(world)).toEqual([['vm_stop', '2026-02-03T13:00:00.000Z']]);
    // The cloud did not stop it; then a look finds its machine on.
    await world.set(vm, { status: 'error', status_reason: 'TIMED_OUT' });
    await world.fireAt('2026-02-03T13:00:00.000Z');
    expect([await statusOf(world, vm), await due(world)]).toEqual(['error', [['vm_stop', '2026-02-03T14:00:00.000Z']]]);
    await world.set(vm, { status: 'running' });
    await world.fireAt('2026-02-03T14:00:00.000Z');
    expect(await statusOf(world, vm)).toBe('stopping');
    await world.set(vm, { status: 'stopped' });
    await world.fireAt('2026-02-03T15:00:00.000Z');
    expect([await due(world), await told(world)]).toEqual([[['vm_delete', deletes_at]], ['vm_expired']]);
  });

  it('and never stops is deleted all the same', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at, status: 'error' });
    await world.fireAt(expires_at);
    expect((await world.notices())[0]).toMatchObject({ event: { params: { status: 'error', deletes_at } } });
    await world.fireAt('2026-02-10T11:30:00.000Z');
    expect(await due(world)).toEqual([['vm_delete', deletes_at]]);
    await world.fireAt(deletes_at);
    expect(await statusOf(world, vm)).toBe('deleting');
  });

  it('whose deletion fails is asked for again a day later, until it is gone', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at, status: 'stopped' });
    await world.fireAt(expires_at);
    await world.fireAt(deletes_at);
    await world.set(vm, { status: 'error' });
    await world.fireAt('2026-02-11T12:00:00.000Z');
    expect(await statusOf(world, vm)).toBe('deleting');
    await world.table.write({ delete: { pk: `WS#${world.workspaceId}`, sk: `VM#${vm.id}` } });
    await world.fireAt('2026-02-12T12:00:00.000Z');
    expect(await due(world)).toEqual([]);
  });
});

describe('a VM that comes back from a backup as it was before it got more time', () => {
  /** After its stop; `isStopped`: its machine did stop. */
  async function wasToBeDeleted(isStopped: boolean) {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at });
    await world.fireAt(expires_at);
    await world.set(vm, isStopped ? { status: 'stopped' } : { status: 'error', status_reason: 'TIMED_OUT' });
    await world.fireAt('2026-02-03T13:00:00.000Z');
    return { world, vm };
  }

  it('is not deleted at once, though that was due: its people are told, and have seven days more', async () => {
    for (const [isStopped, was] of [
      [true, ['vm_delete', deletes_at]],
      [false, ['vm_stop', '2026-02-03T14:00:00.000Z']],
    ] as const) {
      const { world, vm } = await wasToBeDeleted(isStopped);
      expect(await due(world)).toEqual([was]);
      await world.lookFrom(was[1]);
      for (const timer of await world.timers()) {
        const { pk, sk } = timer as unknown as Item;
        await world.table.write({ delete: { pk, sk } });
        // Interrupted, and put again.
        for (const run of ['2026-02-10T12:30:00.000Z', '2026-02-10T12:40:00.000Z'])
          await world.table.write({ put: unmarshall(adapt(marshall(timer), new Date(run))) as Item });
      }
      await world.fireAt('2026-02-10T13:00:00.000Z');
      const anew = '2026-02-17T13:00:00.000Z';
      expect(await statusOf(world, vm)).toBe(isStopped ? 'stopped' : 'error');
      expect(await told(world)).toEqual(['vm_expired', 'vm_expired']);
      expect((await world.notices()).at(-1)).toMatchObject({ event: { params: { deletes_at: anew } } });
      await world.set(vm, { status: 'stopped' });
      await world.fireAt('2026-02-10T14:00:00.000Z');
      expect(await due(world)).toEqual([['vm_delete', anew]]);
    }
  });
});

describe('a change of the time', () => {
  it('voids what was due of the earlier one', async () => {
    const world = await makeTimerWorld(backend);
    const before = await world.make({ expires_at });
    const later = '2026-02-05T12:00:00.000Z';
    await world.expireAt(before, later);
    await world.fireAt(expires_at);
    expect([await told(world), await statusOf(world, before)]).toEqual([[], 'running']);
    expect(await due(world)).toEqual([['vm_notice_day', '2026-02-04T12:00:00.000Z']]);
    await world.expireAt({ ...before, expires_at: later }, null);
    await world.fireAt(later);
    expect([await told(world), await due(world)]).toEqual([[], []]);
  });

  it('to one that is near leaves out the notices whose time is past', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at: '2026-02-01T00:20:00.000Z' });
    expect(await due(world)).toEqual([['vm_stop', '2026-02-01T00:20:00.000Z']]);
    await world.fireAt('2026-02-01T00:20:00.000Z');
    expect([await told(world), await statusOf(world, vm)]).toEqual([['vm_expired'], 'stopping']);
  });

  it('while it is fired leaves the VM as its owner wants it', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at });
    const table: Table = {
      ...world.table,
      transact: async (writes, token) => {
        await world.expireAt(vm, '2026-03-01T00:00:00.000Z');
        return world.table.transact(writes, token);
      },
    };
    await world.fireAt(expires_at, table);
    expect([await statusOf(world, vm), await told(world)]).toEqual(['running', []]);
  });
});

describe('ticks that were missed', () => {
  it('are caught up with, what is past by then is left out, and nobody loses the seven days', async () => {
    const world = await makeTimerWorld(backend);
    await world.fireAt('2026-02-01T00:00:30.000Z');
    const vm = await world.make({ expires_at });
    const late = '2026-02-12T05:00:00.000Z';
    await world.fireAt(late);
    expect([await told(world), await statusOf(world, vm)]).toEqual([['vm_expired'], 'stopping']);
    await world.set(vm, { status: 'stopped' });
    await world.fireAt('2026-02-12T06:00:00.000Z');
    expect(await due(world)).toEqual([['vm_delete', '2026-02-19T05:00:00.000Z']]);
  });

  it('cost no more than three hours to look at once all is done', async () => {
    const world = await makeTimerWorld(backend);
    await world.fireAt('2026-02-01T00:00:30.000Z');
    await world.fireAt('2026-02-09T00:00:30.000Z');
    const { table, state } = crashingTable(world.table);
    await world.fireAt('2026-02-09T00:01:30.000Z', table);
    // The watermark, and the hours.
    expect(state.calls).toBe(4);
  });

  it('of a clock that was a day ahead lose nothing that comes due', async () => {
    const world = await makeTimerWorld(backend);
    await world.fireAt('2026-02-02T00:00:00.000Z');
    await world.fireAt('2026-02-01T00:01:00.000Z');
    await world.make({ expires_at: '2026-02-01T03:30:00.000Z' });
    await world.fireAt('2026-02-01T02:30:00.000Z');
    await world.fireAt('2026-02-01T03:30:00.000Z');
    expect(await told(world)).toEqual(['vm_expiring', 'vm_expired']);
  });
});

describe('a first tick', () => {
  it('looks a month back, for what was written while nothing fired', async () => {
    const world = await makeTimerWorld(backend);
    const vm = await world.make({ expires_at });
    await world.table.write({ delete: { pk: 'TIMER', sk: 'WATERMARK' } });
    await world.fireAt('2026-03-03T00:00:00.000Z');
    expect(await statusOf(world, vm)).toBe('stopping');
  });
});

describe('a tick that dies', () => {
  it('at any of its calls is made good by the next, and nothing is done twice', async () => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call += 1) {
        const world = await makeTimerWorld(backend);
        const vm = await world.make({ expires_at });
        let died = false;
        for (const at of [day, expires_at]) {
          await world.lookFrom(at);
          const { table, state } = crashingTable(world.table, died ? undefined : { call, when });
          await world.fireAt(at, table).catch((error: unknown) => {
            if (!(error instanceof Crash) && !String(error).includes('cannot fire')) throw error;
          });
          died ||= state.crashed;
          if (state.crashed) await world.fireAt(at);
        }
        // A retry of what the crash put off.
        await world.fireAt('2026-02-03T12:02:00.000Z');
        const notices = await told(world);
        expect(new Set((await world.notices()).map(({ pk }) => pk)).size).toBe(notices.length);
        expect((await world.table.queryAll({ pk: `NOTICE#${vm.id}.vm_stop.${expires_at}` })).length).toBe(1);
        expect(await statusOf(world, vm)).toBe('stopping');
        if (!died) break;
        crashes += 1;
      }
    }
    expect(crashes).toBeGreaterThan(8);
  });

  it('on one timer does not hold up the others, and tells', async () => {
    const world = await makeTimerWorld(backend);
    const [bad, good] = [await world.make({ expires_at }), await world.make({ expires_at })];
    const table: Table = {
      ...world.table,
      get: async (key, options) => {
        if (key.sk === `VM#${bad.id}`) throw new Error('poison');
        return world.table.get(key, options);
      },
    };
    await expect(world.fireAt(expires_at, table)).rejects.toThrow('cannot fire 1 of 2 timers');
    expect([await statusOf(world, bad), await statusOf(world, good)]).toEqual(['running', 'stopping']);
    await world.fireAt('2026-02-03T12:01:00.000Z');
    expect(await statusOf(world, bad)).toBe('stopping');
  });
});
