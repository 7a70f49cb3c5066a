import * as z from 'zod';
import { isUnavailable } from '../../../contracts/errors.ts';

/** What a step of a state machine fails with: Retry and Catch match on the name. */
export class StepFailure<Name extends string> extends Error {
  constructor(name: Name | 'StoreUnavailable' | 'StepFailed', message: string, cause?: unknown) {
    super(message, { cause });
    this.name = name;
  }
}

/**
 * An error as it may leave a step: name and message end up in the execution's history, so whatever is not known to be harmless there says
 * nothing of itself.
 */
export function leaveAs(error: unknown, isHarmless: (error: Error) => boolean = () => false): Error {
  if (error instanceof StepFailure || (error instanceof Error && isHarmless(error))) return error;
  if (isUnavailable(error))
    return new StepFailure('StoreUnavailable', 'a service that the step needs did not answer', error);
  return new StepFailure('StepFailed', 'the step failed; its log line says why', error);
}

/** What Catch adds to an execution's input. */
export const caught = z.object({ Error: z.string(), Cause: z.string().optional() });

/** The sentence in what Lambda's errors look like in Catch: JSON with `errorMessage`. Other causes are not for users. */
export function saidIn(error: z.output<typeof caught> | undefined): string | undefined {
  try {
    const { errorMessage } = JSON.parse(error?.Cause ?? '') as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : undefined;
  } catch {
    return undefined;
  }
}
