import { leaveAs as leaveStepAs, StepFailure } from '../../platform/sagas/step-failure.ts';
import { ProviderError } from '../domain/provider-error.ts';

/** What a step fails with besides ProviderError. `StillBusy` goes on waiting in the next try and is no failure yet; `AwaitedInVain` is one. */
export class StepError extends StepFailure<'StillBusy' | 'AwaitedInVain'> {}

export const leaveAs = (error: unknown): Error => leaveStepAs(error, (thrown) => thrown instanceof ProviderError);
