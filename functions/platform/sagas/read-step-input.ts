import type * as z from 'zod';
import { readBrokenExecution } from './broken-execution.ts';

/** The state machine's call of a step, or the news of its failure, which is a step too: the one that puts it on record. */
export const createStepReader =
  <Input extends { step: string; run: object }>(schema: z.ZodType<Input>, failureStep: Input['step']) =>
  (event: unknown): Input => {
    const broken = readBrokenExecution(event);
    if (broken === undefined) return schema.parse(event);
    return schema.parse({ step: failureStep, run: { ...(broken.input as object), error: broken.error } });
  };
