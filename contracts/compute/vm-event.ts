import * as z from 'zod';
import { id, timestamp } from '../shared/fields.ts';
import { vmWorks } from './vm-states.ts';

/** What the steps of a VM's workflows are called. */
export const stepNames = [
  'launch',
  'await-running',
  'record-running',
  'undo-launch',
  'start',
  'restart',
  'stop',
  'await-stopped',
  'record-stopped',
  'terminate',
  'await-gone',
  'record-deleted',
  'record-error',
  'tag',
] as const;
export type StepName = (typeof stepNames)[number];

/** What a step belongs to: the work of a busy state, or the telling of tags, which a VM at rest goes through. */
export const vmTasks = [...vmWorks, 'tag'] as const;
export type VmTask = (typeof vmTasks)[number];

/** What stands in a VM's history: of workflows their steps, and what a look at its machine corrected. */
const historyActions = [...vmTasks, 'observe'] as const;
const historySteps = [...stepNames, 'observe'] as const;

export const vmEvent = z
  .strictObject({
    id,
    at: timestamp,
    action: z.enum(historyActions),
    /** Of the call that it follows from; null where nobody called. */
    request_id: z.string().nullable().meta({ example: 'req_019c0000-0000-7000-8000-000000000001' }),
    step: z.enum(historySteps),
    /** `undone`: a step back, after a failure. */
    outcome: z.enum(['succeeded', 'failed', 'undone']),
    took_ms: z.int(),
    /** Of a failure the code and what the provider said; of what was undone, what came of it; of a look, what it saw. */
    reason: z.string().nullable().meta({ example: 'CAPACITY_LACKING: none left' }),
  })
  .meta({ id: 'VmEvent' });
/** One step of one workflow, or one correction, as the VM's history shows it. */
export type VmEvent = z.output<typeof vmEvent>;
