import { readFileSync } from 'node:fs';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { VmWork } from '../../../contracts/compute/vm-states.ts';

interface TaskState {
  Type: string;
  Parameters: { step: string };
  Next?: string;
  End?: true;
}

const file = new URL('../../../state-machines/vm-lifecycle/vm-lifecycle.asl.json', import.meta.url);
const placeholder = /\$\{VmStepsArn\}/g;
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:vm-steps';

export const definition = JSON.parse(readFileSync(file, 'utf8').replace(placeholder, functionArn)) as {
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, TaskState & Record<string, unknown>>;
};

export const taskStates = Object.entries(definition.States)
  .filter(([, state]) => state.Type === 'Task')
  .map(([name]) => name);

const entries: Readonly<Record<VmWork, string>> = {
  create: 'Launch',
  start: 'Start',
  stop: 'Stop',
  delete: 'Terminate',
};

/** The states of an action when all goes well, as the definition has them. */
export function pathOf(action: VmWork): string[] {
  const path: string[] = [];
  for (let state: string | undefined = entries[action]; state !== undefined; state = definition.States[state]?.Next)
    path.push(state);
  return path;
}

export const stepOf = (state: string): string => definition.States[state]?.Parameters.step ?? '';

export interface Task {
  state: string;
  step: string;
  run: object;
}

export interface Outcome {
  /** `killed`: its steps stopped being run, as when an execution is stopped. */
  status: 'succeeded' | 'failed' | 'killed';
  /** The tasks that were run, in order, repeats too. */
  tasks: Task[];
  /** States entered and retries made: what is billed, but for the start and the end. */
  transitions: number;
}

/** A task that throws it ends the execution where it is, without its Retry and Catch. */
export class Killed extends Error {}

/** Lambda's answer for an error, as Step Functions hands it to Catch. */
const asLambdaFailure = (error: Error) => {
  const failure = new Error(JSON.stringify({ errorType: error.name, errorMessage: error.message }));
  failure.name = error.name;
  return failure;
};

/** Made once: it checks the definition against the schemas of the language, which takes longer than to run it. */
const machine = new StateMachine(definition as unknown as StateMachineDefinition);

/** Runs the definition as it is deployed, each task by `perform`; retries wait for nothing. */
export async function execute(input: object, perform: (task: Task) => Promise<unknown>): Promise<Outcome> {
  const tasks: Task[] = [];
  let killed = false;
  const handler = (state: string) => async (payload: unknown) => {
    const { step, run } = payload as { step: string; run: object };
    const task = { state, step, run };
    tasks.push(task);
    try {
      return (await perform(task)) as null;
    } catch (error) {
      if (error instanceof Killed) {
        killed = true;
        execution.abort();
        return null;
      }
      throw asLambdaFailure(error as Error);
    }
  };
  const execution = machine.run(input as never, {
    noThrowOnAbort: true,
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(taskStates.map((state) => [state, handler(state)])) as never,
      retryIntervalOverrides: Object.fromEntries(taskStates.map((state) => [state, 0])),
    },
  });
  const counting = countTransitions(execution.eventLogs as AsyncGenerator<{ type: string }>);
  const succeeded = await execution.result.then(
    () => true,
    () => false,
  );
  return { status: killed ? 'killed' : succeeded ? 'succeeded' : 'failed', tasks, transitions: await counting };
}

async function countTransitions(events: AsyncGenerator<{ type: string }>): Promise<number> {
  let transitions = 0;
  for await (const { type } of events)
    if (type.endsWith('StateEntered') || type.endsWith('StateRetried')) transitions += 1;
  return transitions;
}
