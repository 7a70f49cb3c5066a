import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import { key } from '../../../functions/platform/table/key.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import { adapt } from '../../../infra/commands/backup/adapt.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { Crash, crashingTable } from './crashing-table.ts';
import { makeTickWorld, type TickWorld } from './tick-world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const lost = new ProviderError('ProviderUnavailable', 'no answer', { effect: 'unknown' });
const refused = new ProviderError('CredentialRejected', 'not allowed');

const historyOf = async ({ events }: TickWorld, id: string) =>
  (await events(id)).map(({ step, outcome, reason }) => [step, outcome, reason]);

const hasShown = async ({ cloud }: TickWorld) => {
  for (const { id } of cloud.alive())
    while ((await cloud.connect({ region: '', secret: {} }).describe(id)) === undefined);
};

describe('a create that ended from outside', () => {
  /** With its machine made and on record. */
  async function makeBroken() {
    const world = await makeTickWorld(backend);
    const input = await world.create();
    await world.runStep('launch', input);
    await world.tellBroken(input);
    return { world, id: input.vm_id };
  }

  it('is undone by the next look: its machine is ended and off the record, and the history shows it', async () => {
    const { world, id } = await makeBroken();
    expect(await world.vm(id)).toMatchObject({ status: 'error', status_reason: 'TIMED_OUT', given_up: true });
    await world.tick();
    expect([world.cloud.alive(), await world.orphans()]).toEqual([[], []]);
    expect(await world.vm(id)).toMatchObject({
      status: 'error',
      status_reason: 'TIMED_OUT',
      instance_id: null,
      launch: 'none',
    });
    const rows = [
      ['launch', 'succeeded', undefined],
      ['record-error', 'succeeded', 'TIMED_OUT'],
      ['undo-launch', 'undone', 'ended i-1'],
    ];
    expect(await historyOf(world, id)).toEqual(rows);
    await world.tick();
    expect(await historyOf(world, id)).toEqual(rows);
  });

  it('without a word is undone as well, once it counts as forgotten', async () => {
    const world = await makeTickWorld(backend);
    const input = await world.create();
    await world.runStep('launch', input);
    for (let n = 0; n < 3; n += 1) await world.tick();
    expect([(await world.vm(input.vm_id))?.status, world.cloud.alive()]).toEqual(['error', []]);
    expect((await historyOf(world, input.vm_id)).at(-1)).toEqual(['undo-launch', 'undone', 'ended i-1']);
  });

  it('whose start somebody has asked for meanwhile is left to them', async () => {
    const { world, id } = await makeBroken();
    await world.work(await world.ask('start', id));
    await world.tick();
    expect(await world.vm(id)).toMatchObject({ status: 'running', given_up: false });
    expect(world.cloud.alive(id)).toHaveLength(1);
  });

  it('can not be started any more once a look has taken its machine off the record', async () => {
    const { world, id } = await makeBroken();
    world.cloud.plan({ on: 'terminate', when: 'before', error: refused });
    await world.tick();
    expect([world.cloud.alive(id).length, await world.vm(id)]).toMatchObject([
      1,
      { instance_id: null, launch: 'sent' },
    ]);
    await expect(world.ask('start', id)).rejects.toThrow('vm.wrong_state');
    await world.tick();
    expect([world.cloud.alive(id), await world.vm(id)]).toMatchObject([[], { launch: 'none' }]);
  });

  it('whose deletion failed is what it was', async () => {
    const { world, id } = await makeBroken();
    const deletion = await world.ask('delete', id);
    world.cloud.plan({ on: 'terminate', when: 'before', error: refused });
    await world.work(deletion);
    expect(await world.vm(id)).toMatchObject({ status: 'error', given_up: true });
    await world.tick();
    expect([world.cloud.alive(id), (await world.vm(id))?.status]).toEqual([[], 'error']);
  });

  it('is undone once, whichever call of the look its process dies at', async () => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call += 1) {
        const { world, id } = await makeBroken();
        const { table, state } = crashingTable(world.table, { call, when });
        await world.tick(table).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        if (!state.crashed) break;
        crashes += 1;
        await world.tick();
        await world.tick();
        expect([world.cloud.alive(id), (await world.vm(id))?.instance_id]).toEqual([[], null]);
        expect((await historyOf(world, id)).slice(2)).toEqual([['undo-launch', 'undone', 'ended i-1']]);
        await world.work(await world.ask('delete', id));
        expect(await world.counted()).toEqual({ vms: 0, vcpus: 0, uses: 0 });
      }
    }
    expect(crashes).toBeGreaterThan(8);
  });
});

describe('a VM that comes back from a backup', () => {
  const itemOf = async ({ table, workspaceId }: TickWorld, id: string) => {
    const item = await table.get({ pk: key('WS', workspaceId), sk: key('VM', id) });
    if (item === undefined) throw new Error('there is no such VM');
    return item;
  };
  /** Seven days later the VM is what it was, and looks go on. */
  async function goBack(world: TickWorld, item: Item): Promise<void> {
    await world.pass(7 * 24 * 3_600_000);
    const run = new Date(world.dependencies.now());
    await world.table.write({ put: unmarshall(adapt(marshall(item), run)) as Item });
    for (let n = 0; n < 4; n += 1) await world.tick();
  }

  it('and was being created then keeps the machine that it has had since: a look lists it, and nobody ends it', async () => {
    const world = await makeTickWorld(backend);
    const input = await world.create();
    const then = await itemOf(world, input.vm_id);
    await world.work(input);
    expect(await world.vm(input.vm_id)).toMatchObject({ status: 'running' });
    await goBack(world, { ...then, launch: 'sent', attempt: 1 });
    expect(await world.vm(input.vm_id)).toMatchObject({
      status: 'error',
      status_reason: 'RESTORED',
      instance_id: null,
    });
    expect([world.cloud.alive().length, (await world.orphans()).map(({ vm_id }) => vm_id)]).toEqual([1, [input.vm_id]]);
    await world.work(await world.ask('delete', input.vm_id));
    expect([(await world.vm(input.vm_id))?.status, world.cloud.alive().length]).toEqual(['deleted', 1]);
    expect(await world.counted()).toEqual({ vms: 0, vcpus: 0, uses: 0 });
  });

  it('and whose machine was on record then is what its machine is', async () => {
    const world = await makeTickWorld(backend);
    const input = await world.create();
    await world.runStep('launch', input);
    const then = await itemOf(world, input.vm_id);
    await world.work(input);
    await goBack(world, then);
    expect(await world.vm(input.vm_id)).toMatchObject({ status: 'running', status_reason: null });
    expect([world.cloud.alive().length, await world.orphans()]).toEqual([1, []]);
  });

  it('and whose creation had failed then, though it was started since, keeps its machine', async () => {
    for (const deleting of [false, true]) {
      const world = await makeTickWorld(backend);
      const input = await world.create();
      await world.runStep('launch', input);
      await world.tellBroken(input);
      if (deleting) {
        const deletion = await world.ask('delete', input.vm_id);
        world.cloud.plan({ on: 'terminate', when: 'before', error: refused });
        const then = await itemOf(world, input.vm_id);
        await world.work(deletion);
        await world.work(await world.ask('start', input.vm_id));
        await goBack(world, then);
      } else {
        const then = await itemOf(world, input.vm_id);
        await world.work(await world.ask('start', input.vm_id));
        await goBack(world, then);
      }
      expect([(await world.vm(input.vm_id))?.status, world.cloud.alive().length]).toEqual(['running', 1]);
    }
  });
});

describe('a machine of a failed create that shows late', () => {
  async function makeLate() {
    const world = await makeTickWorld(backend);
    const run = await world.create();
    world.cloud.unseenFor = 1_000;
    world.cloud.plan(...Array.from({ length: 4 }, () => ({ on: 'launch', when: 'after', error: lost }) as const));
    await world.work(run);
    expect(world.cloud.alive(run.vm_id)).toHaveLength(1);
    expect((await historyOf(world, run.vm_id)).filter(([step]) => step === 'undo-launch')).toEqual([
      ['undo-launch', 'undone', 'no machine shows; one that does later is ended'],
    ]);
    return { world, id: run.vm_id };
  }

  it('is ended by the look that sees it', async () => {
    const { world, id } = await makeLate();
    await world.tick();
    expect(world.cloud.alive(id)).toHaveLength(1);
    await hasShown(world);
    await world.tick();
    expect([world.cloud.alive(id), await world.orphans()]).toEqual([[], []]);
    expect((await historyOf(world, id)).at(-1)).toEqual(['undo-launch', 'undone', 'ended i-1']);
    await world.work(await world.ask('delete', id));
    expect((await world.vm(id))?.status).toBe('deleted');
  });

  it('is listed while it can not be ended, and ended as soon as it can', async () => {
    const { world, id } = await makeLate();
    await hasShown(world);
    world.cloud.plan({ on: 'terminate', when: 'before', error: refused });
    await world.tick();
    expect((await world.orphans()).map(({ vm_id }) => vm_id)).toEqual([id]);
    await world.tick();
    expect([world.cloud.alive(id), await world.orphans()]).toEqual([[], []]);
  });

  it('is ended though its VM’s deletion has looked for it in vain, and failed', async () => {
    const { world, id } = await makeLate();
    const change = { text: 'SET #given_up = :no', values: { no: false } };
    await world.table.write({ update: { pk: key('WS', world.workspaceId), sk: key('VM', id) }, change });
    await hasShown(world);
    await world.tick();
    expect(world.cloud.alive(id)).toEqual([]);
  });
});

describe('a machine that carries the id of a failed create', () => {
  it('in another region is somebody’s: it is listed, and left alone', async () => {
    const world = await makeTickWorld(backend);
    const run = await world.create();
    await world.runStep('launch', run);
    await world.tellBroken(run);
    const { pk, sk } = { pk: key('WS', world.workspaceId), sk: key('VM', run.vm_id) };
    const change = { text: 'SET #region = :other REMOVE #instance_id', values: { other: 'us-east-1' } };
    await world.table.write({ update: { pk, sk }, change });
    await world.tick();
    expect([world.cloud.alive().length, (await world.orphans()).length]).toEqual([1, 1]);
  });
});
