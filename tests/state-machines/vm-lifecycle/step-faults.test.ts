import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyStateOf } from '../../../contracts/compute/vm-states.ts';
import { heldVcpus } from '../../../functions/compute/domain/resize.ts';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { execute, type Outcome, pathOf, taskStates } from './engine.ts';
import { faultKinds, type StepFault, withFaults } from './step-faults.ts';
import { makeWorld, type Prepared, type RunInput, type World, workOf } from './world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const works = [
  'create',
  'create with user data',
  'stop',
  'start',
  'start as another type',
  'restart',
  'delete',
] as const;
const perform =
  (world: World) =>
  ({ step, run }: { step: string; run: object }) =>
    world.runStep(step, run);

/** What EventBridge tells when an execution ends without an end of ours. */
async function tellBroken(world: World, input: RunInput): Promise<void> {
  const detail = { status: 'ABORTED', input: JSON.stringify(input) };
  const { step, run } = readStepInput({ source: 'aws.states', detail });
  await world.runStep(step, run);
}

/** A repeat of every task, the last one first: Lambda may run a task again at any time. */
async function replayLate(world: World, { tasks }: Outcome): Promise<void> {
  for (const { step, run } of tasks.toReversed()) await world.runStep(step, run).catch(() => undefined);
}

const isAlways = ({ kind }: StepFault) => kind.endsWith('always') || kind.startsWith('is killed');
const hasEffect = ({ kind }: StepFault) => kind.includes('after');

/** Done, but where a fault that lasts hit before the last step had its effect. */
const expectedStatus = (prepared: Prepared, faults: readonly StepFault[]) => {
  const action = workOf(prepared);
  const { done, failed } = busyStateOf(action);
  const [first] = faults;
  const recorded = first !== undefined && first.state === pathOf(action).at(-1) && hasEffect(first);
  return first !== undefined && isAlways(first) && !recorded ? failed : done;
};

/** Everything that anyone could see or pay for. */
async function pictureOf(world: World, vmId: string) {
  const events = await world.events(vmId);
  return {
    vm: await world.vm(vmId),
    events: events.length,
    alive: world.cloud.alive(),
    counted: await world.counted(),
  };
}

async function runCase(action: Prepared, faults: readonly StepFault[]) {
  const world = await makeWorld(backend.table);
  const input = await world.prepare(action);
  const { faulty, fired } = withFaults(faults, perform(world));
  const outcome = await execute(input, faulty);
  if (outcome.status !== 'succeeded') await tellBroken(world, input);
  return { world, input, outcome, fired };
}

/** However it went: one machine at most, nothing moves any more, and the VM can be deleted without a trace at the provider. */
async function expectSettled(world: World, { vm_id }: RunInput, outcome: Outcome): Promise<void> {
  const picture = await pictureOf(world, vm_id);
  expect(picture.alive.length).toBeLessThanOrEqual(1);
  const { vm } = picture;
  if (vm !== undefined && vm.status !== 'deleted') {
    expect(picture.counted.vcpus, 'the quota holds what the record says').toBe(heldVcpus(vm));
    if (vm.status !== 'error' && vm.instance_id !== null)
      expect(picture.alive.map(({ instanceType }) => instanceType)).toEqual([vm.instance_type]);
  }
  expect(await world.hasUserData(vm_id)).toBe(false);
  await replayLate(world, outcome);
  expect(await pictureOf(world, vm_id)).toEqual(picture);
  if (picture.vm?.status !== 'deleted') {
    await execute(await world.ask('delete', vm_id), perform(world));
  }
  expect((await world.vm(vm_id))?.status).toBe('deleted');
  expect(world.cloud.alive()).toEqual([]);
  expect(await world.counted()).toEqual({ vms: 0, vcpus: 0, uses: 0 });
}

const cases = works.flatMap((action) =>
  pathOf(workOf(action)).flatMap((state) => faultKinds.map((kind) => ({ action, state, kind }))),
);

/** What the undoing of a create meets, after a launch that made a machine and yet failed. */
const undoCases = ['UndoLaunch', 'RecordError'].flatMap((state) => faultKinds.map((kind) => ({ state, kind })));

describe('a step', () => {
  const planned = cases.length;
  let firedCases = 0;

  it.each(cases)(
    'of $action, $state, that $kind leaves the VM done, or in an error that can be deleted',
    async ({ action, ...fault }) => {
      const { world, input, outcome, fired } = await runCase(action, [fault]);
      expect([...fired.keys()]).toEqual([fault.state]);
      firedCases += 1;
      const vm = await world.vm(input.vm_id);
      expect(vm?.status).toBe(expectedStatus(action, [fault]));
      if (vm?.status === 'error') expect(vm.status_reason).toEqual(expect.stringMatching(/^[A-Z_]+/));
      if (vm?.status === 'error' && workOf(action) === 'create' && outcome.status === 'succeeded') {
        expect([world.cloud.alive(), vm.instance_id, vm.launch]).toEqual([[], null, 'none']);
      }
      if (vm?.status === 'running' && action === 'start as another type') {
        expect([vm.instance_type, vm.vcpus, vm.resize_to, vm.estimated_monthly_cost]).toEqual(['large', 8, null, 73]);
      }
      if (action === 'restart') {
        const restarts = world.cloud.alive()[0]?.restarts;
        const isNever = fault.state === 'Restart' && isAlways(fault) && !hasEffect(fault);
        expect(restarts, 'a restart whose answer was noted is not done again').toBe(isNever ? 0 : 1);
      }
      await expectSettled(world, input, outcome);
    },
  );

  it('has met every fault that was planned', () => {
    expect([firedCases, planned]).toEqual([planned, 21 * faultKinds.length]);
    const paths = new Set(works.flatMap((work) => pathOf(workOf(work))));
    // Restart goes on as Start does; Tag has tests of its own.
    expect([...paths, 'UndoLaunch', 'RecordError', 'Tag'].toSorted()).toEqual(taskStates.toSorted());
  });
});

describe('the undoing of a create', () => {
  let firedCases = 0;

  it.each(undoCases)('whose $state $kind leaves the VM in an error that can be deleted', async (fault) => {
    const launch: StepFault = { state: 'Launch', kind: 'fails after its effect, always' };
    const { world, input, outcome, fired } = await runCase('create', [launch, fault]);
    expect([...fired.keys()]).toEqual([launch.state, fault.state]);
    firedCases += 1;
    const vm = await world.vm(input.vm_id);
    expect([vm?.status, vm?.status_reason]).toEqual(['error', 'INTERNAL_ERROR']);
    // Only an undo that never came to act leaves the machine, and that is on record.
    const idle = fault.state === 'UndoLaunch' && !hasEffect(fault) && isAlways(fault);
    expect([world.cloud.alive().length, vm?.instance_id === null]).toEqual(idle ? [1, false] : [0, true]);
    await expectSettled(world, input, outcome);
  });

  it('has met every fault that was planned', () => {
    expect(firedCases).toBe(2 * faultKinds.length);
  });

  it('is in the history, step by step', async () => {
    const { world, input } = await runCase('create', [{ state: 'AwaitLaunched', kind: 'fails before, always' }]);
    const rows = (await world.events(input.vm_id)).map(({ step, outcome, reason }) => [step, outcome, reason]);
    expect(rows).toEqual([
      ['launch', 'succeeded', undefined],
      ['undo-launch', 'undone', 'ended i-1'],
      ['record-error', 'succeeded', 'INTERNAL_ERROR'],
    ]);
  });
});

describe('an execution that starts too late', () => {
  it.each(works)('of %s goes through, and changes nothing', async (action) => {
    const world = await makeWorld(backend.table);
    const input = await world.prepare(action);
    await tellBroken(world, input);
    const picture = await pictureOf(world, input.vm_id);
    const outcome = await execute(input, perform(world));
    expect([outcome.status, await pictureOf(world, input.vm_id)]).toEqual(['succeeded', picture]);
    await expectSettled(world, input, outcome);
  });
});
