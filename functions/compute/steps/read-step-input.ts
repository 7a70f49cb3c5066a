import * as z from 'zod';
import { runInput, type StepInput, stepInput } from './step.ts';

/**
 * What EventBridge tells of an execution that ended without an end of ours: stopped, timed out as a whole, or broken
 * (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html).
 */
const brokenExecution = z.object({
  source: z.literal('aws.states'),
  detail: z.object({ status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']), input: z.string() }),
});

/** The state machine's call of a step, or the news of its failure, which is a step too: the VM's error is put on record. */
export function readStepInput(event: unknown): StepInput {
  const broken = brokenExecution.safeParse(event);
  if (!broken.success) return stepInput.parse(event);
  const { status, input } = broken.data.detail;
  const name = status === 'TIMED_OUT' ? 'States.Timeout' : `Execution.${status}`;
  return { step: 'record-error', run: { ...runInput.parse(JSON.parse(input)), error: { Error: name } } };
}
