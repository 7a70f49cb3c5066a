import * as z from 'zod';

/**
 * What EventBridge tells of an execution that ended without an end of ours: stopped, timed out as a whole, or broken
 * (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html).
 */
const brokenExecution = z.object({
  source: z.literal('aws.states'),
  detail: z.object({ status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']), input: z.string() }),
});

/** The input of the execution, and the error as a Catch of the state machine would name it; undefined for what is no such news. */
export function readBrokenExecution(event: unknown): { input: unknown; error: { Error: string } } | undefined {
  const broken = brokenExecution.safeParse(event);
  if (!broken.success) return undefined;
  const { status, input } = broken.data.detail;
  return {
    input: JSON.parse(input),
    error: { Error: status === 'TIMED_OUT' ? 'States.Timeout' : `Execution.${status}` },
  };
}
