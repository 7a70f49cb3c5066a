import type { VmTask } from '../../../contracts/compute/vm-event.ts';
import { executeDefinition, readDefinition, type Task, taskStatesOf } from '../../support/step-functions.ts';

export { Killed, type Outcome, type Task } from '../../support/step-functions.ts';

export const definition = readDefinition('vm-lifecycle');
export const taskStates = taskStatesOf(definition);

const entries: Readonly<Record<VmTask, string>> = {
  create: 'Launch',
  start: 'Start',
  restart: 'Restart',
  stop: 'Stop',
  tag: 'Tag',
  delete: 'Terminate',
};

/** The states of an action when all goes well, as the definition has them. */
export function pathOf(action: VmTask): string[] {
  const path: string[] = [];
  for (let state: string | undefined = entries[action]; state !== undefined; state = definition.States[state]?.Next)
    path.push(state);
  return path;
}

export const stepOf = (state: string): string => definition.States[state]?.Parameters.step ?? '';

/** Runs the definition as it is deployed, each task by `perform`; retries wait for nothing. */
export const execute = (input: object, perform: (task: Task) => Promise<unknown>) =>
  executeDefinition(definition, input, perform);
