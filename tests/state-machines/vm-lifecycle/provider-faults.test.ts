import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyStateOf } from '../../../contracts/compute/vm-states.ts';
import { ProviderError, type ProviderErrorName } from '../../../functions/compute/domain/provider-error.ts';
import { createAwsProvider } from '../../../functions/compute/providers/aws/aws-provider.ts';
import type { CloudFault } from '../../integration/compute/fake-cloud.ts';
import { awsError } from '../../support/aws-errors.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { definition, execute } from './engine.ts';
import { expectDeletable, makeWorld, run, workOf } from './world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const failure = (name: ProviderErrorName, effect: 'none' | 'unknown' = 'none') =>
  new ProviderError(name, name, { effect });

const ways = {
  'is throttled': { when: 'before', error: failure('ProviderThrottled'), code: 'PROVIDER_THROTTLED' },
  'is not answered': { when: 'before', error: failure('ProviderUnavailable', 'unknown'), code: 'PROVIDER_UNAVAILABLE' },
  'is done and not answered': {
    when: 'after',
    error: failure('ProviderUnavailable', 'unknown'),
    code: 'PROVIDER_UNAVAILABLE',
  },
  'is refused': { when: 'before', error: failure('ProviderRefused'), code: 'PROVIDER_REFUSED' },
  'meets a rejected credential': { when: 'before', error: failure('CredentialRejected'), code: 'CREDENTIAL_REJECTED' },
  'finds no capacity': { when: 'before', error: failure('CapacityLacking'), code: 'CAPACITY_LACKING' },
} as const satisfies Record<string, Pick<CloudFault, 'when' | 'error'> & { code: string }>;

const methods = {
  create: ['defaultImage', 'launch', 'describe'],
  stop: ['describe', 'stop'],
  start: ['describe', 'start'],
  'start as another type': ['describe', 'setInstanceType', 'start'],
  restart: ['describe', 'restart'],
  delete: ['terminate', 'describe'],
} as const;

const works = ['create', 'stop', 'start', 'start as another type', 'restart', 'delete'] as const;

const cases = works.flatMap((action) =>
  methods[action].flatMap((method) =>
    (Object.keys(ways) as (keyof typeof ways)[]).flatMap((way) =>
      (['once', 'always'] as const).map((often) => ({ action, method, way, often })),
    ),
  ),
);

/** More than any workflow would call. */
const always = 400;

describe('a provider’s call', () => {
  it.each(cases)(
    'for $action, $method, that $way $often leaves one machine at most and a VM that can be deleted',
    async (it) => {
      const { action, method, way, often } = it;
      const world = await makeWorld(backend.table);
      const input = await world.prepare(action);
      const { when, error, code } = ways[way];
      const faults = Array.from({ length: often === 'once' ? 1 : always }, () => ({ on: method, when, error }));
      world.cloud.plan(...faults);
      await run(world, input);
      expect(faults.length - world.cloud.pending()).toBeGreaterThan(0);
      if (often === 'once') expect(world.cloud.pending()).toBe(0);
      world.cloud.clear();

      const vm = await world.vm(input.vm_id);
      const { done, failed } = busyStateOf(workOf(action));
      // A stop, a start or another type that came without an answer is seen by the next try.
      const isSeen = way === 'is done and not answered' && ['stop', 'start', 'setInstanceType'].includes(method);
      const lasts = (often === 'always' && !isSeen) || !error.isPassing;
      expect(vm?.status).toBe(lasts ? failed : done);
      // What can't be looked at is waited for until that takes too long, but where another type waits for the look.
      const isAwaited = method === 'describe' && error.isPassing && action !== 'start as another type';
      const reason = isAwaited ? 'TIMED_OUT' : code;
      if (vm?.status === 'error') expect(vm.status_reason).toContain(reason);
      if (vm?.status === 'running' && action === 'start as another type')
        expect([vm.instance_type, vm.resize_to]).toEqual(['large', null]);
      expect(world.cloud.alive().length).toBeLessThanOrEqual(1);
      if (action === 'create' && vm?.status === 'error')
        expect([world.cloud.alive(), vm.instance_id]).toEqual([[], null]);
      await expectDeletable(world, input.vm_id);
    },
  );
});

describe('a provider that is slow to show what it made', () => {
  it('is waited for, and not taken at its word', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.unseenFor = 4;
    const input = await world.create();
    await run(world, input);
    expect((await world.vm(input.vm_id))?.status).toBe('running');
    await expectDeletable(world, input.vm_id);
  });

  it('leaves no machine behind when the launch is undone', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.unseenFor = 4;
    const lost = failure('ProviderUnavailable', 'unknown');
    world.cloud.plan(...Array.from({ length: 4 }, () => ({ on: 'launch', when: 'after', error: lost }) as const));
    const input = await world.create();
    await run(world, input);
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, world.cloud.pending(), world.cloud.machines.size]).toEqual(['error', 0, 1]);
    expect(world.cloud.alive()).toEqual([]);
    await expectDeletable(world, input.vm_id);
  });

  it('for longer than an undo looks leaves it on record that there may be a machine, and the deletion finds it', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.unseenFor = 15;
    const lost = failure('ProviderUnavailable', 'unknown');
    world.cloud.plan(...Array.from({ length: 4 }, () => ({ on: 'launch', when: 'after', error: lost }) as const));
    const input = await world.create();
    await run(world, input);
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.instance_id, vm?.launch, world.cloud.alive().length]).toEqual(['error', null, 'sent', 1]);
    await expectDeletable(world, input.vm_id);
  });
});

describe('a machine that dies', () => {
  it('as it boots is an error with the reason, without a machine', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.boot = ['booting', 'gone'];
    const input = await world.create();
    await run(world, input);
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.status_reason, vm?.instance_id]).toEqual([
      'error',
      'MACHINE_GONE: the machine is terminated',
      null,
    ]);
    await expectDeletable(world, input.vm_id);
  });

  it('before its launch was answered is made anew, under a token of its own', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.create();
    world.cloud.plan({ on: 'launch', when: 'after', error: failure('ProviderUnavailable', 'unknown') });
    let launches = 0;
    await execute(input, async (task) => {
      const last = [...world.cloud.machines.values()].at(-1);
      if (task.step === 'launch' && ++launches === 2 && last !== undefined) last.state = 'gone';
      return world.runStep(task.step, task.run);
    });
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.attempt, world.cloud.machines.size, world.cloud.alive().length]).toEqual([
      'running',
      2,
      2,
      1,
    ]);
    expect([...world.cloud.machines.values()].map(({ spec }) => spec.token)).toEqual([`${vm?.id}.1`, `${vm?.id}.2`]);
    await expectDeletable(world, input.vm_id);
  });

  it('while it runs is found out by the next action', async () => {
    for (const action of ['stop', 'start', 'restart', 'delete'] as const) {
      const world = await makeWorld(backend.table);
      const input = await world.prepare(action);
      for (const machine of world.cloud.machines.values()) machine.state = 'gone';
      await run(world, input);
      const vm = await world.vm(input.vm_id);
      const expected = action === 'delete' ? ['deleted', null] : ['error', 'MACHINE_GONE: the machine is terminated'];
      expect([vm?.status, vm?.status_reason]).toEqual(expected);
      await expectDeletable(world, input.vm_id);
    }
  });

  it('and is forgotten by EC2, whose policy then forbids to end it, leaves a VM that can be deleted', async () => {
    const world = await makeWorld(backend.table);
    const { id } = await world.rest('running');
    for (const machine of world.cloud.machines.values()) machine.state = 'gone';
    const send = async (command: unknown) => {
      const isLook = command instanceof DescribeInstancesCommand;
      throw isLook ? awsError('InvalidInstanceID.NotFound') : awsError('UnauthorizedOperation', 403);
    };
    const account = { ask: async () => world.cloud.account };
    world.dependencies.connect = async () => createAwsProvider({ send } as unknown as EC2Client, account);
    await expectDeletable(world, id);
  });

  it('and never comes on is given up within the time that a VM may be busy', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.boot = Array.from({ length: 1_000 }, () => 'booting' as const);
    const began = world.dependencies.now().getTime();
    const input = await world.create();
    await run(world, input);
    const minutes = (world.dependencies.now().getTime() - began) / 60_000;
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.status_reason, world.cloud.alive()]).toEqual(['error', 'TIMED_OUT', []]);
    expect([minutes > 7, minutes < definition.TimeoutSeconds / 60]).toEqual([true, true]);
    await expectDeletable(world, input.vm_id);
  });
});

describe('a launch that is overtaken', () => {
  it('by the undoing of its creation ends its own machine', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.create();
    const task = (step: string, more: object = {}) => world.runStep(step, { ...input, ...more });
    // The undoing looks for a machine and is shown none.
    world.cloud.unseenFor = 15;
    world.cloud.duringLaunch = async () => {
      await task('undo-launch');
      await task('record-error', { error: { Error: 'States.Timeout' } });
    };
    await task('launch');
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.instance_id, world.cloud.machines.size, world.cloud.alive()]).toEqual([
      'error',
      null,
      1,
      [],
    ]);
    await expectDeletable(world, input.vm_id);
  });

  it('comes too late after the undoing, and makes nothing', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.create();
    const task = (step: string, more: object = {}) => world.runStep(step, { ...input, ...more });
    await task('launch');
    await task('undo-launch');
    await task('launch');
    await task('record-running', {
      machine: { public_ip: null, private_ip: null, observed_at: '2026-02-01T00:00:00.000Z' },
    });
    expect([(await world.vm(input.vm_id))?.status, world.cloud.machines.size, world.cloud.alive()]).toEqual([
      'pending',
      1,
      [],
    ]);
    await task('record-error', { error: { Error: 'CapacityLacking', Cause: '{"errorMessage":"none left"}' } });
    expect((await world.vm(input.vm_id))?.status_reason).toBe('CAPACITY_LACKING: none left');
    await expectDeletable(world, input.vm_id);
  });
});

describe('a VM whose launch was refused for certain', () => {
  it('is deleted without the provider being asked, so that a bad credential keeps nobody', async () => {
    const world = await makeWorld(backend.table);
    const rejected = { when: 'before', error: failure('CredentialRejected') } as const;
    world.cloud.plan({ on: 'launch', ...rejected });
    const input = await world.create();
    await run(world, input);
    expect((await world.vm(input.vm_id))?.launch).toBe('none');
    world.cloud.plan({ on: 'find', ...rejected }, { on: 'terminate', ...rejected }, { on: 'describe', ...rejected });
    await expectDeletable(world, input.vm_id);
    expect(world.cloud.pending()).toBe(3);
  });
});

describe('a type that the provider refuses', () => {
  it('ends the start, and leaves the VM its own type, what it holds of the quota, and the way to start again', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.prepare('start as another type');
    world.cloud.plan({ on: 'setInstanceType', when: 'before', error: failure('ProviderRefused') });
    await run(world, input);
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.instance_type, vm?.resize_to]).toEqual(['error', 'small', null]);
    expect([vm?.status_reason, await world.counted()]).toEqual([
      'PROVIDER_REFUSED: ProviderRefused',
      { vms: 1, vcpus: 2, uses: 1 },
    ]);
    await run(world, await world.ask('start', input.vm_id));
    expect([(await world.vm(input.vm_id))?.status, world.cloud.alive()[0]?.instanceType]).toEqual(['running', 'small']);
    await expectDeletable(world, input.vm_id);
  });

  it('for lack of rights alone is asked for again at the next start', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.prepare('start as another type');
    world.cloud.plan({ on: 'setInstanceType', when: 'before', error: failure('CredentialRejected') });
    await run(world, input);
    expect(await world.vm(input.vm_id)).toMatchObject({ status: 'error', resize_to: { instance_type: 'large' } });
    expect((await world.counted()).vcpus).toBe(8);
    await run(world, await world.ask('start', input.vm_id));
    expect(await world.vm(input.vm_id)).toMatchObject({ status: 'running', instance_type: 'large', vcpus: 8 });
    await expectDeletable(world, input.vm_id);
  });
});

describe('a restart', () => {
  it('of a machine that is off starts it, and of one that is booting waits for it', async () => {
    for (const [state, ahead, restarts] of [
      ['off', [], 0],
      ['booting', ['booting', 'on'], 0],
      ['halting', ['off'], 0],
      ['on', [], 1],
    ] as const) {
      const world = await makeWorld(backend.table);
      const input = await world.prepare('restart');
      for (const machine of world.cloud.machines.values()) Object.assign(machine, { state, ahead: [...ahead] });
      await run(world, input);
      expect([state, (await world.vm(input.vm_id))?.status, world.cloud.alive()[0]?.state]).toEqual([
        state,
        'running',
        'on',
      ]);
      expect(world.cloud.alive()[0]?.restarts).toBe(restarts);
    }
  });

  it('whose answer is lost is done again, once more than needed rather than never', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.prepare('restart');
    world.cloud.plan({ on: 'restart', when: 'after', error: failure('ProviderUnavailable', 'unknown') });
    await run(world, input);
    expect([(await world.vm(input.vm_id))?.status, world.cloud.alive()[0]?.restarts]).toEqual(['running', 2]);
    await run(world, await world.ask('restart', input.vm_id));
    expect(world.cloud.alive()[0]?.restarts).toBe(3);
  });
});

describe('user data', () => {
  it('reaches the machine, and is gone once it runs', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.prepare('create with user data');
    expect(await world.hasUserData(input.vm_id)).toBe(true);
    await run(world, input);
    const [machine] = world.cloud.alive();
    expect(Buffer.from(machine?.spec.userData ?? []).toString()).toBe('#cloud-config');
    expect([await world.hasUserData(input.vm_id), (await world.vm(input.vm_id))?.has_user_data]).toEqual([
      false,
      false,
    ]);
  });
});
