import { ExecutionAlreadyExists, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { Start } from '../../../../functions/platform/outbox/effect.ts';
import { createStateMachines } from '../../../../functions/platform/outbox/state-machines.ts';
import { awsError } from '../../../support/aws-errors.ts';
import { type Step, script } from '../../../support/scripted-client.ts';

const start = (name: string): Start => ({ machine: 'vm-lifecycle', name, input: { vm_id: 'v' } });

function machinesOf(steps: readonly Step[], options?: { repeat?: boolean }) {
  const client = new SFNClient({ region: 'eu-west-1', maxAttempts: 1 });
  const { inputs } = script(client, steps, options);
  const arnPrefix = 'arn:aws:states:eu-west-1:111122223333:stateMachine:skyclust-local-';
  return {
    inputs,
    machines: createStateMachines({ client, arnPrefix, random: () => 0, delay: async () => undefined }),
  };
}

describe('the state machines', () => {
  it('are started by name, with ids as input', async () => {
    const { machines, inputs } = machinesOf([{ executionArn: 'arn' }]);
    expect(await machines.start([start('v-2')])).toEqual([undefined]);
    expect(inputs).toEqual([
      {
        stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:skyclust-local-vm-lifecycle',
        name: 'v-2',
        input: '{"vm_id":"v"}',
      },
    ]);
  });

  it('take an execution that is there already for a success', async () => {
    const exists = new ExecutionAlreadyExists({ message: 'it is', $metadata: {} });
    expect(await machinesOf([exists]).machines.start([start('v-2')])).toEqual([undefined]);
  });

  it('say which start was refused; the others are made', async () => {
    const missing = awsError('StateMachineDoesNotExist');
    const { machines } = machinesOf([missing, {}, {}]);
    expect(await machines.start([start('a'), start('b'), start('c')])).toEqual([missing, undefined, undefined]);
  });

  it('are tried again when the service throttles, and given up together when it is down', async () => {
    expect(await machinesOf([awsError('ThrottlingException'), {}]).machines.start([start('a')])).toEqual([undefined]);
    const { machines, inputs } = machinesOf([awsError('InternalFailure', 500)], { repeat: true });
    const refused = await machines.start(Array.from({ length: 40 }, (_, nth) => start(`v-${nth}`)));
    expect(refused.every((error) => error instanceof Error)).toBe(true);
    expect(new Set(inputs.map(({ name }) => name)).size).toBeLessThanOrEqual(5);
  });
});
