import { describe, expect, it } from 'vitest';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';

const run = { workspace_id: 'w', vm_id: 'v', action: 'create', version: 1 } as const;

describe('what a step is called with', () => {
  it('is the state machine’s word, with what earlier states added', () => {
    const machine = { public_ip: null, private_ip: '10.0.0.1', observed_at: '2026-02-01T00:00:00.000Z' };
    expect(readStepInput({ step: 'record-running', run: { ...run, machine } })).toEqual({
      step: 'record-running',
      run: { ...run, machine },
    });
    expect(readStepInput({ step: 'record-running', run: { ...run, machine: null } }).run.machine).toBeNull();
  });

  it('is refused when it is nothing that a state machine of ours sends', () => {
    for (const event of [
      {},
      { step: 'launch' },
      { step: 'other', run },
      { step: 'launch', run: { ...run, action: 'x' } },
    ]) {
      expect(() => readStepInput(event)).toThrow();
    }
  });

  it('of an execution that broke is its error, to be put on record', () => {
    const broken = (status: string) => ({ source: 'aws.states', detail: { status, input: JSON.stringify(run) } });
    const names = ['TIMED_OUT', 'FAILED', 'ABORTED'].map((status) => {
      const { step, run: read } = readStepInput(broken(status));
      expect([step, read.vm_id, read.version]).toEqual(['record-error', 'v', 1]);
      return read.error?.Error;
    });
    expect(names).toEqual(['States.Timeout', 'Execution.FAILED', 'Execution.ABORTED']);
    expect(() => readStepInput(broken('SUCCEEDED'))).toThrow();
  });
});
