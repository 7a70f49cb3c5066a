import * as z from 'zod';
import type { Log } from '../../platform/log.ts';
import { caught, StepFailure } from '../../platform/sagas/step-failure.ts';
import type { RemovalStores } from '../use-cases/remove-workspace.ts';

export const stepNames = ['empty', 'remove', 'record-failure'] as const;

/** What an execution is about, and what its Catch has added. Ids only: all of it stays readable. */
const runInput = z.object({
  workspace_id: z.string(),
  /** The workspace's version when its teardown was asked for. */
  version: z.int(),
  error: caught.optional(),
});
export type RunInput = z.output<typeof runInput>;

export const stepInput = z.object({ step: z.enum(stepNames), run: runInput });
export type StepInput = z.output<typeof stepInput>;

/** Things of one kind that a workspace holds, and that take time to delete. */
export interface Holding {
  /** Asks for the deletion of each that allows it now, and tells how it stands. Asked again, it asks for what is left. */
  askDeletion(workspaceId: string, now: Date): Promise<Holdings>;
}

export interface Holdings {
  /** How many there are still. */
  left: number;
  /** Those that were asked for just now, and what stood against the last try. One that is asked for again has failed in between. */
  asked: readonly { id: string; name: string; reason: string | null }[];
}

export interface StepDependencies {
  stores: RemovalStores;
  holdings: readonly Holding[];
  now: () => Date;
  pause: (milliseconds: number) => Promise<unknown>;
  logger: Log;
}

/** `StillHolding` passes, `CannotEmpty` lasts. */
export class TeardownError extends StepFailure<'StillHolding' | 'CannotEmpty'> {}
