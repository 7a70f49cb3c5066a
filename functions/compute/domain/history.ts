import type { VmWork } from '../../../contracts/compute/vm-states.ts';

export const stepNames = [
  'launch',
  'await-running',
  'record-running',
  'undo-launch',
  'start',
  'stop',
  'await-stopped',
  'record-stopped',
  'terminate',
  'await-gone',
  'record-deleted',
  'record-error',
] as const;
export type StepName = (typeof stepNames)[number];

/** One step of one workflow, as the VM's history shows it. */
export interface VmEvent {
  id: string;
  at: string;
  action: VmWork;
  step: StepName;
  /** `undone`: a step back, after a failure. */
  outcome: 'succeeded' | 'failed' | 'undone';
  took_ms: number;
  reason: string | null;
}

/** Days for which a VM's history is kept. */
export const historyDays = 90;
