import * as z from 'zod';
import { stepNames, type VmEvent, vmTasks } from '../../../contracts/compute/vm-event.ts';
import { busyStateOf, type VmWork } from '../../../contracts/compute/vm-states.ts';
import { caught } from '../../platform/sagas/step-failure.ts';
import type { Trace } from '../../platform/trace.ts';
import type { Run, VmRecord } from '../domain/vm.ts';
import type { LifecycleStore, MonthlyCostOf } from '../ports.ts';
import type { Provider } from '../providers/provider.ts';

const machine = z.object({
  public_ip: z.string().nullable(),
  private_ip: z.string().nullable(),
  observed_at: z.string(),
});

/** What an await step found, which the next one records. */
export type Sighting = z.output<typeof machine>;

/** What an execution is about: its input, and what its steps and Catch have added. Ids and addresses only: all of it stays readable. */
const runInput = z.object({
  workspace_id: z.string(),
  vm_id: z.string(),
  action: z.enum(vmTasks),
  /** The VM's version when it entered the state that this workflow is of; of tags, the one at which they changed. */
  version: z.int(),
  /** Of the call that began the workflow, to find it by; none where a timer or a schedule did. */
  request_id: z.string().optional(),
  /** Null from a step that came too late to look. */
  machine: machine.nullish(),
  error: caught.optional(),
});
export type RunInput = z.output<typeof runInput>;

/** What the state machine sends. */
export const stepInput = z.object({ step: z.enum(stepNames), run: runInput });
export type StepInput = z.output<typeof stepInput>;

export const runOf = ({ workspace_id, vm_id, version }: RunInput, work: VmWork): Run => ({
  workspaceId: workspace_id,
  vmId: vm_id,
  status: busyStateOf(work).status,
  version,
});

type Log = (message: string, fields: Readonly<Record<string, unknown>>) => void;

export interface StepLogger {
  info: Log;
  error: Log;
}

export interface StepDependencies {
  vms: LifecycleStore;
  /** The VM's cloud, with the workspace's own credential: one call of KMS. */
  connect: (vm: VmRecord) => Promise<Provider>;
  /** What the VM's machine runs on its first boot: one call of KMS. Whoever asks wipes it. */
  openUserData: (vm: VmRecord) => Promise<Uint8Array>;
  monthlyCost: MonthlyCostOf;
  now: () => Date;
  newId: () => string;
  pause: (milliseconds: number) => Promise<unknown>;
  logger: StepLogger;
  trace: Trace;
}

/** A step at work on a VM that is still where its workflow left it. */
export interface StepCall extends StepDependencies {
  input: RunInput;
  work: VmWork;
  run: Run;
  /** The step's row of the history, with the time that it took until now. */
  event(outcome: VmEvent['outcome'], reason?: string): VmEvent;
}

/** Answers what the next step needs, if anything. Done twice it is done once; when the VM has moved on it does nothing. */
export type Step = (vm: VmRecord, call: StepCall) => Promise<Sighting | undefined>;
