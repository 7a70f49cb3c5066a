import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VmRecord } from '../../../functions/compute/domain/vm.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { machineOf, makeTickWorld, rowsOf, set, statusOf, type TickWorld } from './tick-world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

describe('a look that is older than the record', () => {
  /** A tick while whose second region takes half a minute to be listed something happens to a VM of the first. */
  async function tickWhile(happen: (world: TickWorld, vm: VmRecord) => Promise<unknown>) {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.create({ region: 'us-east-1' });
    const beforeList = async (region: string) => {
      if (region !== 'us-east-1') return;
      await world.pass(20_000);
      await happen(world, vm);
    };
    await world.tick(world.table, { beforeList });
    return { world, vm };
  }

  it('leaves a VM that was stopped meanwhile as it is, since its machine was on before that', async () => {
    const { world, vm } = await tickWhile(async ({ ask, work }, { id }) => work(await ask('stop', id)));
    expect([await statusOf(world, vm), machineOf(world, vm).state]).toEqual([['stopped', null], 'off']);
    expect((await rowsOf(world, vm)).filter(([action]) => action === 'observe')).toEqual([]);
    const sighting = (await world.vm(vm.id))?.observed_at;
    expect((await world.shown()).find(({ id }) => id === vm.id)?.observed_at).toBe(sighting);
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['stopped', null]);
  });

  it('does not list the machine of a VM that was deleted meanwhile', async () => {
    const { world } = await tickWhile(async ({ ask, work }, { id }) => work(await ask('delete', id)));
    expect([world.cloud.alive(), await world.orphans()]).toEqual([[], []]);
  });

  it('corrects nothing that is changed between the reading of the VMs and the correction', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    set(world, vm, 'off');
    const read = world.table.queryAll;
    const table = {
      ...world.table,
      queryAll: async (query: Parameters<typeof read>[0], cap?: number) => {
        const items = await read(query, cap);
        await world.pass(1_000);
        if (query.prefix === 'VM#') await world.change(vm.id, { name: 'web-2' });
        return items;
      },
    };
    await world.tick(table);
    expect(await statusOf(world, vm)).toEqual(['running', null]);
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['stopped', null]);
  });

  it('is when the machine was seen, on record too', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    set(world, vm, 'off');
    let listedAt = '';
    const beforeList = async () => {
      listedAt = world.dependencies.now().toISOString();
      await world.pass(10_000);
    };
    await world.tick(world.table, { beforeList });
    const { observed_at: observed, updated_at: updated } = (await world.vm(vm.id)) ?? vm;
    expect(Math.abs(Date.parse(observed ?? '') - Date.parse(listedAt))).toBeLessThan(1_000);
    expect(Date.parse(updated) - Date.parse(listedAt)).toBeGreaterThanOrEqual(10_000);
  });
});

describe('a look whose time is over', () => {
  it('asks for no machine by its id any more', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    world.cloud.machines.delete(machineOf(world, vm).id);
    await world.tick();
    const { queryAll } = world.table;
    const slow: typeof queryAll = async (...given) => {
      await world.pass(30_000);
      return queryAll(...given);
    };
    await world.tick({ ...world.table, queryAll: slow });
    expect([world.cloud.calls.get('describe'), await statusOf(world, vm)]).toEqual([undefined, ['running', null]]);
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['error', 'MACHINE_GONE']);
  });
});

describe('a busy VM whose machine the list leaves out', () => {
  it('has not been observed by it', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.tick();
    const [before] = await world.shown();
    await world.ask('stop', vm.id);
    world.cloud.hidden.add(machineOf(world, vm).id);
    await world.tick();
    expect((await world.shown())[0]).toMatchObject({ status: 'stopping', observed_at: before?.observed_at });
    world.cloud.hidden.clear();
    await world.tick(world.table, { afterMs: 60_000 });
    expect((await world.shown())[0]?.observed_at).not.toBe(before?.observed_at);
  });
});
