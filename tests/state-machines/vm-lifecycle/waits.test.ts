import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { execute } from './engine.ts';
import { expectDeletable, makeWorld, run, type World } from './world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

describe('a machine that takes long', () => {
  const outcomesOf = async (world: World, vmId: string) =>
    (await world.events(vmId)).map(({ step, outcome, reason }) => [step, outcome, reason]);

  it('and then runs has failed nowhere on the way', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.boot = Array.from({ length: 60 }, () => 'booting' as const);
    const input = await world.create();
    const { tasks } = await run(world, input);
    expect(tasks.filter(({ step }) => step === 'await-running').length).toBeGreaterThan(1);
    expect((await outcomesOf(world, input.vm_id)).filter(([, outcome]) => outcome === 'failed')).toEqual([]);
    expect((await world.vm(input.vm_id))?.status).toBe('running');
  });

  it('and never runs has failed once', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.boot = Array.from({ length: 1_000 }, () => 'booting' as const);
    const input = await world.create();
    await run(world, input);
    expect((await outcomesOf(world, input.vm_id)).filter(([, outcome]) => outcome === 'failed')).toEqual([
      ['await-running', 'failed', 'TIMED_OUT'],
    ]);
  });
});

describe('a machine that is busy as it is to be ended', () => {
  it.each([
    ['by a deletion', 'delete', []],
    ['by the undoing of its launch', 'create', ['booting', 'gone']],
  ] as const)('%s is ended as soon as it can be', async (_, action, boot) => {
    const world = await makeWorld(backend.table);
    if (boot.length > 0) world.cloud.boot = [...boot];
    const input = await world.prepare(action);
    const busy = { on: 'terminate', when: 'before', error: new ProviderError('MachineBusy', 'it is busy') } as const;
    world.cloud.plan(busy, busy, busy);
    await run(world, input);
    expect([world.cloud.pending(), world.cloud.alive()]).toEqual([0, []]);
    await expectDeletable(world, input.vm_id);
  });
});

describe('a platform that has no room for a step', () => {
  const throttled = () => Object.assign(new Error('Rate Exceeded.'), { name: 'Lambda.TooManyRequestsException' });

  it.each([8, 9])('%i times in a row is waited for, or ends in an error that says so', async (times) => {
    const world = await makeWorld(backend.table);
    const input = await world.create();
    let left = times;
    await execute(input, async (task) => {
      if (task.step !== 'launch' || left === 0) return world.runStep(task.step, task.run);
      left -= 1;
      throw throttled();
    });
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.status_reason]).toEqual(times === 8 ? ['running', null] : ['error', 'PLATFORM_BUSY']);
    await expectDeletable(world, input.vm_id);
  });
});
