import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import { key } from '../../../functions/platform/table/key.ts';
import type { RunInput } from '../../state-machines/vm-lifecycle/world.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { machineOf, makeTickWorld, set, statusOf, type TickWorld } from './tick-world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const registered = async ({ table }: TickWorld) => (await table.queryAll({ pk: 'RECONCILE' })).length;

describe('a machine without a VM', () => {
  it('is listed with when it was first seen, and off the list once it is gone', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.table.write({ delete: { pk: key('WS', world.workspaceId), sk: key('VM', vm.id) } });
    await world.tick();
    const [first] = await world.orphans();
    expect(first).toMatchObject({ workspace_id: world.workspaceId, vm_id: vm.id, instance_id: vm.instance_id });
    await world.tick();
    const [second] = await world.orphans();
    expect(second?.first_seen).toBe(first?.first_seen);
    expect(second?.last_seen).not.toBe(first?.last_seen);
    expect(world.cloud.alive()).toHaveLength(1);
    set(world, vm, 'gone');
    await world.tick();
    expect(await world.orphans()).toEqual([]);
  });

  it('is a second one of a VM, too, and nobody ends it unasked', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    const spec = { ...machineOf(world, vm).spec, token: 'another' };
    const second = await world.cloud.connect({ region: 'any', secret: {} }).launch(spec);
    await world.tick();
    expect((await world.orphans()).map(({ instance_id }) => instance_id)).toEqual([second.id]);
    expect(await statusOf(world, vm)).toEqual(['running', null]);
    expect(world.cloud.alive(vm.id)).toHaveLength(2);
  });

  it('that its workflow is about to adopt or end is none', async () => {
    const world = await makeTickWorld(backend);
    const run = await world.create();
    await world.runStep('launch', run);
    const change = { text: 'REMOVE #instance_id' };
    await world.table.write({ update: { pk: key('WS', world.workspaceId), sk: key('VM', run.vm_id) }, change });
    await world.tick();
    expect([world.cloud.alive(run.vm_id).length, await world.orphans()]).toEqual([1, []]);
  });
});

describe('a machine without a VM that nobody can look at', () => {
  async function makeOrphan() {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.table.write({ delete: { pk: key('WS', world.workspaceId), sk: key('VM', vm.id) } });
    await world.tick();
    const [orphan] = await world.orphans();
    return { world, vm, orphan };
  }
  const failLook = async (world: TickWorld, error: Error) => {
    world.cloud.plan({ on: 'list', when: 'before', error });
    await world.tick();
  };

  it('stays listed as it was seen last, however long, and is looked at again', async () => {
    const { world, vm, orphan } = await makeOrphan();
    const away = new ProviderError('ProviderUnavailable', 'no answer');
    await failLook(world, away);
    await world.pass(25 * 3_600_000);
    await failLook(world, away);
    expect([await world.orphans(), await registered(world)]).toEqual([[orphan], 1]);
    set(world, vm, 'gone');
    await world.tick();
    expect(await world.orphans()).toEqual([]);
  });

  it('since its credential is gone stays listed as it was seen last, for ninety days, and nobody looks any more', async () => {
    const { world, orphan } = await makeOrphan();
    const missing = Object.assign(new Error('there is none'), { name: 'CredentialNotFound' });
    await failLook(world, new ProviderError('CredentialRejected', 'the credential is gone', { cause: missing }));
    expect([await world.orphans(), await registered(world)]).toEqual([[orphan], 0]);
    const [item] = await world.table.queryAll({ pk: 'ORPHAN#aws' });
    const days = (Number(item?.['ttl']) - world.dependencies.now().getTime() / 1_000) / 86_400;
    expect(days).toBeCloseTo(90, 2);
  });
});

describe('where nothing is left', () => {
  it('nothing is looked for any more, after an hour in which a lost launch would have shown', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.work(await world.ask('delete', vm.id));
    for (let n = 0; n < 12; n += 1) await world.tick();
    expect(await registered(world)).toBe(1);
    await world.tick();
    expect(await registered(world)).toBe(0);
    expect(await world.table.get({ pk: key('WS', world.workspaceId), sk: 'VM#~observed' })).toBeUndefined();
    const asked = world.cloud.calls.get('list');
    await world.tick();
    expect(world.cloud.calls.get('list')).toBe(asked);
  });

  it('a VM that is made at the same moment is not lost', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.work(await world.ask('delete', vm.id));
    for (let n = 0; n < 12; n += 1) await world.tick();
    const read = world.table.queryAll;
    let made: RunInput | undefined;
    const table = {
      ...world.table,
      queryAll: async (query: Parameters<typeof read>[0], cap?: number) => {
        const items = await read(query, cap);
        if (query.prefix === 'VM#') made = await world.create();
        return items;
      },
    };
    await world.tick(table);
    expect([made !== undefined, await registered(world)]).toEqual([true, 1]);
    await world.tick();
    expect(world.started.map(({ name }) => name)).toEqual([`${made?.vm_id}-1`]);
  });
});
