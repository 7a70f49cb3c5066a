import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyStateOf } from '../../../contracts/compute/vm-states.ts';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';
import { runStep } from '../../../functions/compute/steps/run-step.ts';
import type { StepDependencies } from '../../../functions/compute/steps/step.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { execute, Killed } from './engine.ts';
import { makeWorld, type Prepared, type World, workOf } from './world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const plainly = (world: World) => (task: { step: string; run: object }) => world.runStep(task.step, task.run);

interface CrashPoint {
  /** Of the calls that the steps make of the table and the provider, in order, the one that the process dies at. */
  call: number;
  when: 'before' | 'after';
}

/** The steps in processes of their own, one of which dies: from then on it does nothing more, not even what it does of failures. */
function withCrash({ dependencies }: World, { call, when }: CrashPoint) {
  let calls = 0;
  let dead = false;
  let crashed = false;
  const die = () => {
    crashed = true;
    dead = true;
  };
  const mortal = <Methods extends object>(methods: Methods): Methods => {
    const wrapped = Object.entries(methods).map(([name, method]) => [
      name,
      async (...given: unknown[]) => {
        calls += 1;
        if (calls === call && when === 'before') die();
        if (dead) throw new Error('the process is dead');
        const result = await method(...given);
        if (calls === call && when === 'after') die();
        if (dead) throw new Error('the process is dead');
        return result;
      },
    ]);
    return Object.fromEntries(wrapped);
  };
  const vms = mortal(dependencies.vms);
  const connect: StepDependencies['connect'] = async (vm) => mortal(await dependencies.connect(vm));
  return {
    hasCrashed: () => crashed,
    async perform({ step, run }: { step: string; run: object }) {
      dead = false;
      return runStep(readStepInput({ step, run }), { ...dependencies, vms, connect });
    },
    isDead: () => dead,
  };
}

const lambdaDied = () => Object.assign(new Error('Runtime exited'), { name: 'Lambda.Unknown' });

interface Scenario {
  action: Prepared;
  spoil?: (world: World) => void;
  /** Calls that its steps make of the table and the provider. */
  calls: number;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  create: { action: 'create', calls: 11 },
  stop: { action: 'stop', calls: 9 },
  start: { action: 'start', calls: 9 },
  restart: { action: 'restart', calls: 10 },
  'start as another type': { action: 'start as another type', calls: 11 },
  'create with user data': { action: 'create with user data', calls: 11 },
  delete: { action: 'delete', calls: 8 },
  'create that is undone': {
    action: 'create',
    spoil: ({ cloud }) => {
      cloud.boot = ['booting', 'gone'];
    },
    calls: 17,
  },
};

/** Runs the action with its process dying at one point; false when the workflow was over before it. */
async function crashAt(
  { action, spoil }: Scenario,
  point: CrashPoint,
  then: 'retried' | 'abandoned',
): Promise<boolean> {
  const world = await makeWorld(backend.table);
  const input = await world.prepare(action);
  spoil?.(world);
  const { perform, hasCrashed, isDead } = withCrash(world, point);
  const outcome = await execute(input, async (task) => {
    try {
      return await perform(task);
    } catch (error) {
      if (!isDead()) throw error;
      throw then === 'abandoned' ? new Killed() : lambdaDied();
    }
  });
  const { done, failed } = busyStateOf(workOf(action));
  const status = async () => (await world.vm(input.vm_id))?.status;
  if (then === 'abandoned' && hasCrashed()) {
    const detail = { status: 'TIMED_OUT', input: JSON.stringify(input) };
    const { step, run } = readStepInput({ source: 'aws.states', detail });
    await world.runStep(step, run);
    expect([done, failed]).toContain(await status());
  } else {
    expect([outcome.status, await status()]).toEqual(['succeeded', spoil === undefined ? done : failed]);
  }
  expect(world.cloud.alive().length).toBeLessThanOrEqual(1);
  if ((await status()) !== 'deleted') await execute(await world.ask('delete', input.vm_id), plainly(world));
  expect([await status(), world.cloud.alive(), await world.counted()]).toEqual([
    'deleted',
    [],
    { vms: 0, vcpus: 0, uses: 0 },
  ]);
  return hasCrashed();
}

const most = 60;

describe('a process that dies at any call it makes', () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    for (const then of ['retried', 'abandoned'] as const) {
      it(`in a ${name}, and is ${then}, leaves nothing behind`, async () => {
        for (const when of ['before', 'after'] as const) {
          let crashes = 0;
          while (crashes < most && (await crashAt(scenario, { call: crashes + 1, when }, then))) crashes += 1;
          expect(crashes).toBe(scenario.calls);
        }
      }, 300_000);
    }
  }
});
