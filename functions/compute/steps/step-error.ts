import { isUnavailable } from '../../../contracts/errors.ts';
import { ProviderError } from '../domain/provider-error.ts';

/**
 * What a step fails with besides ProviderError. Like those, a name is what Retry and Catch match on. `StillBusy` goes on waiting in the next try and is
 * no failure yet; `AwaitedInVain` is one.
 */
export type StepErrorName = 'StillBusy' | 'AwaitedInVain' | 'StoreUnavailable' | 'StepFailed';

export class StepError extends Error {
  constructor(name: StepErrorName, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = name;
  }
}

/**
 * An error as it may leave a step: name and message end up in the execution's history, so whatever is not known to be harmless there says
 * nothing of itself.
 */
export function leaveAs(error: unknown): Error {
  if (error instanceof ProviderError || error instanceof StepError) return error;
  if (isUnavailable(error)) {
    return new StepError('StoreUnavailable', 'a service that the step needs did not answer', error);
  }
  return new StepError('StepFailed', 'the step failed; its log line says why', error);
}
