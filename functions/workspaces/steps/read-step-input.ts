import { readBrokenExecution } from '../../platform/sagas/broken-execution.ts';
import { runInput, type StepInput, stepInput } from './step.ts';

/** The state machine's call of a step, or the news of its failure, which is a step too: it is put on record. */
export function readStepInput(event: unknown): StepInput {
  const broken = readBrokenExecution(event);
  if (broken === undefined) return stepInput.parse(event);
  return { step: 'record-failure', run: { ...runInput.parse(broken.input), error: broken.error } };
}
