import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyMinutes } from '../../../contracts/compute/vm-states.ts';
import { unavailable } from '../../../contracts/errors.ts';
import { ProviderError, type ProviderErrorName } from '../../../functions/compute/domain/provider-error.ts';
import type { VmRecord } from '../../../functions/compute/domain/vm.ts';
import { key } from '../../../functions/platform/table/key.ts';
import type { RunInput } from '../../state-machines/vm-lifecycle/world.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { machineOf, makeTickWorld, rowsOf, set, shownOf, statusOf, type TickWorld, tickMs } from './tick-world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

describe('a machine that changed by itself', () => {
  it.each([
    ['running', 'off', 'stopped', null],
    ['running', 'gone', 'error', 'MACHINE_GONE'],
    ['stopped', 'on', 'running', null],
    ['running', 'booting', 'running', null],
    ['running', 'halting', 'running', null],
    ['running', 'dying', 'running', null],
    ['running', 'unknown', 'running', null],
    ['stopped', 'gone', 'stopped', 'MACHINE_GONE'],
  ] as const)('%s and seen %s is %s within a tick', async (before, seen, after, reason) => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest(before);
    set(world, vm, seen);
    expect(await world.tick()).toEqual([]);
    expect(await shownOf(world, vm)).toEqual([after, reason]);
    const why = `MACHINE_${seen.toUpperCase()}: the VM was ${before}`;
    expect(await rowsOf(world, vm)).toEqual(before === after ? [] : [['observe', 'observe', why]]);
  });

  it('brings a VM in error to where its machine is', async () => {
    for (const [seen, after] of [
      ['on', 'running'],
      ['off', 'stopped'],
    ] as const) {
      const world = await makeTickWorld(backend);
      const vm = await world.rest('running');
      const change = {
        text: 'SET #status = :status, #status_reason = :reason',
        values: { status: 'error', reason: 'TIMED_OUT' },
      };
      await world.table.write({ update: { pk: key('WS', world.workspaceId), sk: key('VM', vm.id) }, change });
      set(world, vm, seen);
      await world.tick();
      expect(await statusOf(world, vm)).toEqual([after, null]);
    }
  });

  it('has its new address taken over, and nothing is written while it keeps it', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.tick();
    const first = await world.vm(vm.id);
    expect([first?.public_ip, first?.status]).toEqual(['203.0.113.9', 'running']);
    await world.tick();
    expect((await world.vm(vm.id))?.version).toBe(first?.version);
    Object.assign(machineOf(world, vm), { publicIp: '203.0.113.77' });
    await world.tick();
    expect([(await world.vm(vm.id))?.public_ip, await rowsOf(world, vm)]).toEqual(['203.0.113.77', []]);
  });

  it('does not undo what somebody asked meanwhile', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    set(world, vm, 'off');
    const read = world.table.queryAll;
    const table = {
      ...world.table,
      // Between the reading of the VMs and the correction.
      queryAll: async (query: Parameters<typeof read>[0], cap?: number) => {
        const items = await read(query, cap);
        if (query.prefix === 'VM#') await world.ask('delete', vm.id);
        return items;
      },
    };
    await world.tick(table);
    expect([(await world.vm(vm.id))?.status, await rowsOf(world, vm)]).toEqual(['deleting', []]);
  });
});

describe('a machine that a list leaves out', () => {
  it('is not gone for it, when the provider knows it by its id', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    world.cloud.hidden.add(machineOf(world, vm).id);
    for (let n = 0; n < 4; n += 1) await world.tick();
    expect(await statusOf(world, vm)).toEqual(['running', null]);
    expect(world.cloud.calls.get('describe')).toBe(2);
  });

  it('is gone when two looks in a row and its id do not show it', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    world.cloud.machines.delete(machineOf(world, vm).id);
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['running', null]);
    expect(world.cloud.calls.get('describe')).toBeUndefined();
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['error', 'MACHINE_GONE']);
  });

  it('is not gone while it is so young that it may be unknown', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    world.cloud.machines.delete(machineOf(world, vm).id);
    await world.tick();
    const { pk, sk } = { pk: key('WS', world.workspaceId), sk: key('VM', vm.id) };
    const launched = new Date(world.dependencies.now().getTime() + tickMs - 30_000).toISOString();
    const change = { text: 'SET #launched_at = :at', values: { at: launched } };
    await world.table.write({ update: { pk, sk }, change });
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['running', null]);
    await world.tick();
    expect(await statusOf(world, vm)).toEqual(['error', 'MACHINE_GONE']);
  });

  it('is not gone for a credential that is of another account by now, and says so until it is of its own', async () => {
    const world = await makeTickWorld(backend);
    const [running, stopped] = [await world.rest('running'), await world.rest('stopped')];
    const { account } = world.cloud;
    world.cloud.account = '444455556666';
    for (let n = 0; n < 4; n += 1) await world.tick();
    const reason = 'CREDENTIAL_REJECTED: the credential is of another account than the machine';
    expect(await Promise.all([running, stopped].map((vm) => shownOf(world, vm)))).toEqual([
      ['running', reason],
      ['stopped', reason],
    ]);
    expect([await rowsOf(world, running), world.cloud.calls.get('describe')]).toEqual([[], undefined]);
    world.cloud.account = account;
    await world.tick();
    expect(await Promise.all([running, stopped].map((vm) => shownOf(world, vm)))).toEqual([
      ['running', null],
      ['stopped', null],
    ]);
  });

  it('is asked for among few at a time: a list of nothing changes nothing at first', async () => {
    const world = await makeTickWorld(backend);
    const vms = await Promise.all(Array.from({ length: 15 }, () => world.rest('running')));
    for (const vm of vms) world.cloud.hidden.add(machineOf(world, vm).id);
    await world.tick();
    expect(world.cloud.calls.get('describe')).toBeUndefined();
    await world.tick();
    expect(world.cloud.calls.get('describe')).toBe(10);
    for (const vm of vms) expect(await statusOf(world, vm)).toEqual(['running', null]);
  });
});

describe('the machine of a stopped VM', () => {
  it.each(['ended', 'forgotten'] as const)('that is %s is told as gone, without a word in the history', async (how) => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('stopped');
    if (how === 'ended') set(world, vm, 'gone');
    else world.cloud.machines.delete(machineOf(world, vm).id);
    for (let n = 0; n < 4; n += 1) await world.tick();
    expect([await shownOf(world, vm), await rowsOf(world, vm)]).toEqual([['stopped', 'MACHINE_GONE'], []]);
    // A provider shows what was ended for a while alone; what is known to be gone is not asked for again.
    world.cloud.machines.delete(vm.instance_id ?? '');
    for (let n = 0; n < 4; n += 1) await world.tick();
    expect(await shownOf(world, vm)).toEqual(['stopped', 'MACHINE_GONE']);
    expect(world.cloud.calls.get('describe') ?? 0).toBe(how === 'ended' ? 0 : 1);
  });

  it('that was left out of lists and is there after all is not told as gone', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('stopped');
    world.cloud.hidden.add(machineOf(world, vm).id);
    for (let n = 0; n < 3; n += 1) await world.tick();
    expect(await shownOf(world, vm)).toEqual(['stopped', null]);
  });
});

describe('a look that a fault of ours keeps from asking', () => {
  it('settles what is busy all the same, tells why nothing was seen, and fails', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    const run = await world.create();
    await world.pass(20 * 60_000);
    const beforeList = async () => {
      throw unavailable(2);
    };
    expect(await world.tick(world.table, { beforeList })).toEqual(['0']);
    expect((await world.vm(run.vm_id))?.status).toBe('error');
    expect(await shownOf(world, vm)).toEqual([
      'running',
      expect.stringMatching(/^NOT_OBSERVED: since .*: INTERNAL_ERROR$/),
    ]);
    await world.tick();
    expect(await shownOf(world, vm)).toEqual(['running', null]);
  });
});

describe('tags that the provider would not have', () => {
  const told = (world: TickWorld, vm: VmRecord) => machineOf(world, vm).tags['Name'];

  it('are told again while the VM stays at rest, each hour anew, until they are taken', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    const refused = { on: 'setTags', when: 'before', error: new ProviderError('ProviderRefused', 'no') } as const;
    world.cloud.plan(refused);
    await world.work((await world.change(vm.id, { name: 'web-2' })) as never);
    expect(told(world, vm)).toBe('web-1');
    world.cloud.plan(refused);
    const names = new Set<string>();
    for (let n = 0; n < 14 && told(world, vm) === 'web-1'; n += 1) {
      await world.tick();
      for (const { name, input } of world.started.splice(0)) {
        // As Step Functions does: a name starts once.
        if (!names.has(name)) await world.work(input as RunInput);
        names.add(name);
      }
    }
    expect([told(world, vm), names.size]).toEqual(['web-2', 2]);
    await world.tick();
    expect(world.started).toEqual([]);
  });

  it('are not told again while they may be on their way, nor to a machine that is gone', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('stopped');
    await world.pass(10 * 60_000);
    await world.change(vm.id, { name: 'web-2' });
    await world.tick(world.table, { afterMs: 60_000 });
    expect(world.started).toEqual([]);
    set(world, vm, 'gone');
    await world.tick();
    expect(world.started).toEqual([]);
  });
});

describe('a provider that can not be asked', () => {
  const refusals: ProviderErrorName[] = ['ProviderThrottled', 'ProviderUnavailable', 'CredentialRejected'];

  it.each(refusals)('by %s changes nothing, and the VM says since when and why', async (name) => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.tick();
    const observed = (await world.shown())[0]?.observed_at;
    set(world, vm, 'off');
    world.cloud.plan(
      { on: 'list', when: 'before', error: new ProviderError(name, 'no') },
      { on: 'list', when: 'after', error: new ProviderError(name, 'no') },
    );
    await world.tick();
    const since = new Date(Date.parse(String(observed)) + tickMs).toISOString().slice(0, 16);
    await world.tick();
    expect(world.cloud.pending()).toBe(0);
    const [shown] = await world.shown();
    expect([shown?.status, shown?.observed_at]).toEqual(['running', observed]);
    expect(shown?.status_reason).toContain(`NOT_OBSERVED: since ${since}`);
    await world.tick();
    const [after] = await world.shown();
    expect([after?.status, after?.status_reason]).toEqual(['stopped', null]);
  });

  it('does not hinder the machines of another region', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.create({ region: 'us-east-1' });
    set(world, vm, 'off');
    const lost = new ProviderError('ProviderUnavailable', 'no answer', { effect: 'unknown' });
    world.cloud.plan({ on: 'list', when: 'before', error: lost });
    await world.tick();
    const regions = (await world.table.get({ pk: key('WS', world.workspaceId), sk: 'VM#~observed' }))?.['groups'];
    const failing = Object.values(regions as object).filter((group) => 'failing_since' in group);
    expect([failing.length, Object.keys(regions as object).length]).toEqual([1, 2]);
  });
});

describe('a busy VM', () => {
  it('whose start the relay lost is started under the relay’s name, and runs', async () => {
    const world = await makeTickWorld(backend);
    const run = await world.create();
    await world.tick();
    expect(world.started).toEqual([{ machine: 'vm-lifecycle', name: `${run.vm_id}-${run.version}`, input: run }]);
    await world.work(world.started[0]?.input as RunInput);
    expect((await world.vm(run.vm_id))?.status).toBe('running');
    await world.tick();
    expect(world.cloud.alive(run.vm_id)).toHaveLength(1);
  });

  it('whose start the relay lost is put through what was asked: a restart restarts its machine', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    const run = await world.ask('restart', vm.id);
    await world.tick();
    expect(world.started.map(({ name, input }) => [name, input])).toEqual([[`${vm.id}-${run.version}`, run]]);
    expect(run.action).toBe('restart');
    await world.work(world.started[0]?.input as RunInput);
    expect([(await world.vm(vm.id))?.status, machineOf(world, vm).restarts]).toEqual(['running', 1]);
  });

  it('whose workflow is over without a word leaves an error, with its machine’s place kept', async () => {
    const world = await makeTickWorld(backend);
    const vm = await world.rest('running');
    await world.ask('stop', vm.id);
    await world.tick();
    expect((await world.vm(vm.id))?.status).toBe('stopping');
    await world.tick();
    // Timed out, and by the look that comes right after it where its machine is.
    expect(await rowsOf(world, vm)).toEqual([
      ['stop', 'record-error', 'TIMED_OUT'],
      ['observe', 'observe', 'MACHINE_ON: the VM was error'],
    ]);
    expect(await statusOf(world, vm)).toEqual(['running', null]);
  });

  describe('that is forgotten by its workflow', () => {
    /** Minutes for which a VM is busy that nothing but ticks ends, the first of which comes so long after it became busy. */
    async function busyFor(firstTickAt: number, { lost, ...given }: { lost?: 1 | 2; queuedForMs?: number }) {
      const world = await makeTickWorld(backend);
      const vm = await world.rest('running');
      await world.ask('stop', vm.id);
      const since = Date.parse((await world.vm(vm.id))?.busy_since ?? '');
      const isForgotten = async () =>
        (await world.events(vm.id)).find(({ step, reason }) => step === 'record-error' && reason === 'TIMED_OUT');
      for (let nth = 1; (await isForgotten()) === undefined; nth += 1) {
        const first = nth === 1 && { afterMs: firstTickAt };
        await world.tick(world.table, { ...given, ...first, lost: nth === lost });
      }
      return (Date.parse(String((await isForgotten())?.['at'])) - since) / 60_000;
    }
    const phases = [1_000, 150_000, tickMs - 1_000];
    const nearlyATick = tickMs - 10_000;

    it.each([
      ['all is well', {}, 10.1],
      ['the first look is lost', { lost: 1 }, busyMinutes],
      ['the second look is lost', { lost: 2 }, 10.1],
      ['every message waits for nearly five minutes', { queuedForMs: nearlyATick }, busyMinutes],
    ] as const)('ends within its time, whenever ticks come, where %s', async (_, given, most) => {
      for (const phase of phases) expect(await busyFor(phase, given), `${phase}`).toBeLessThan(most);
    });
  });

  it('is settled though its provider does not answer', async () => {
    const world = await makeTickWorld(backend);
    const run = await world.create();
    await world.pass(20 * 60_000);
    world.cloud.plan({ on: 'list', when: 'before', error: new ProviderError('ProviderThrottled', 'slow down') });
    await world.tick();
    expect((await world.vm(run.vm_id))?.status).toBe('error');
  });
});
