import { beforeEach, describe, expect, it } from 'vitest';
import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import type { LifecycleStore } from '../../../functions/compute/ports.ts';
import { runStep } from '../../../functions/compute/steps/run-step.ts';
import type { StepDependencies, StepInput } from '../../../functions/compute/steps/step.ts';
import type { Stretch } from '../../../functions/platform/trace.ts';
import { vmRecord } from './vm-record.ts';

const vm = vmRecord({ status: 'stopping', run: 3, version: 3, instance_id: 'i-1' });
const call = (run: object = { request_id: 'req_1' }): StepInput => ({
  step: 'stop',
  run: { workspace_id: vm.workspace_id, vm_id: vm.id, action: 'stop', version: 3, ...run },
});
const about = { step: 'stop', vm_id: vm.id, workspace_id: vm.workspace_id, action: 'stop', request_id: 'req_1' };
const unsaid = (): never => {
  throw new Error('no step of this test asks');
};

let traced: Stretch[];
let logged: [string, Readonly<Record<string, unknown>>][];
let rows: VmEvent[];

beforeEach(() => {
  [traced, logged, rows] = [[], [], []];
});

/** The steps of a VM whose machine answers, or fails with, this. */
function dependenciesOf(machine: () => Promise<never> | Promise<undefined>): StepDependencies {
  const provider = { describe: machine, stop: async () => undefined } as never;
  const vms = { load: async () => vm, addEvent: async (_: unknown, event: VmEvent) => void rows.push(event) };
  const log = (message: string, fields: Readonly<Record<string, unknown>>) => void logged.push([message, fields]);
  let time = Date.parse('2026-02-01T00:00:00.000Z');
  return {
    vms: vms as Partial<LifecycleStore> as LifecycleStore,
    connect: async () => provider,
    openUserData: unsaid,
    monthlyCost: unsaid,
    now: () => {
      time += 5;
      return new Date(time);
    },
    newId: () => '019c0000-0000-7000-8000-0000000000ff',
    pause: unsaid,
    logger: { info: log, error: log },
    trace: { add: (stretch) => void traced.push(stretch) },
  };
}

const on = async () => ({ id: 'i-1', state: 'on' }) as never;
const failing = (error: Error) => async () => {
  throw error;
};

describe('a step of a workflow that a call began', () => {
  it('is found by the id of the call: in its trace, its log line and its row of the history', async () => {
    await runStep(call(), dependenciesOf(on));
    expect(traced).toEqual([
      {
        name: 'vm-lifecycle stop',
        from: expect.any(Date),
        to: expect.any(Date),
        annotations: about,
        outcome: 'done',
      },
    ]);
    expect(Number(traced[0]?.to) - Number(traced[0]?.from)).toBeGreaterThan(0);
    expect([logged, rows]).toMatchObject([[['step done', about]], [{ step: 'stop', request_id: 'req_1' }]]);
  });

  it('that fails is a refusal where the cloud refused it, and else our failure', async () => {
    const refused = new ProviderError('ProviderRefused', 'no');
    for (const error of [refused, new Error('never thought of')])
      await expect(runStep(call(), dependenciesOf(failing(error)))).rejects.toThrow();
    expect(traced.map(({ outcome }) => outcome)).toEqual(['refused', 'failed']);
    expect(rows).toMatchObject([{ outcome: 'failed', request_id: 'req_1' }, { outcome: 'failed' }]);
  });
});

describe('a step of a workflow that nobody called for', () => {
  it('says nothing of a call', async () => {
    await runStep(call({}), dependenciesOf(on));
    expect(traced.map(({ annotations }) => Object.keys(annotations))).toEqual([
      ['step', 'vm_id', 'workspace_id', 'action'],
    ]);
    expect(rows).toMatchObject([{ request_id: null }]);
  });
});
