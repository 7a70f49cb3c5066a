import { readFileSync } from 'node:fs';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';

interface TaskState {
  Type: string;
  Parameters: { step: string };
  Next?: string;
  End?: true;
}

export interface Definition {
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, TaskState & Record<string, unknown>>;
}

/** The definition of a state machine as it is deployed; all its tasks are one function. */
export function readDefinition(name: string): Definition {
  const file = new URL(`../../state-machines/${name}/${name}.asl.json`, import.meta.url);
  const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:steps';
  return JSON.parse(readFileSync(file, 'utf8').replace(/\$\{\w+Arn\}/g, functionArn)) as Definition;
}

export const taskStatesOf = ({ States: states }: Definition): string[] =>
  Object.entries(states).flatMap(([name, state]) => (state.Type === 'Task' ? [name] : []));

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

const machines = new WeakMap<Definition, StateMachine>();

/** Made once: it checks the definition against the schemas of the language, which takes longer than to run it. */
function machineOf(definition: Definition): StateMachine {
  const made = machines.get(definition) ?? new StateMachine(definition as unknown as StateMachineDefinition);
  machines.set(definition, made);
  return made;
}

/** Runs the definition as it is deployed, each task by `perform`; retries wait for nothing. */
export async function executeDefinition(
  definition: Definition,
  input: object,
  perform: (task: Task) => Promise<unknown>,
): Promise<Outcome> {
  const taskStates = taskStatesOf(definition);
  const machine = machineOf(definition);
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
