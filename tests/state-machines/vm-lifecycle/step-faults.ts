import { Killed, type Task } from './engine.ts';

export const faultKinds = [
  'fails before, once',
  'fails before, always',
  'fails after its effect, once',
  'fails after its effect, always',
  'runs twice',
  'is killed before',
  'is killed after its effect',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface StepFault {
  state: string;
  kind: FaultKind;
}

const named = (name: string) => Object.assign(new Error(`${name} was injected`), { name });

/** As the table, or Lambda itself, fails for a moment: every state tries again. */
const passing = () => named('Lambda.Unknown');
/** As what nobody foresaw. */
const lasting = () => named('StepFailed');

/** Wraps the steps so that they fail as planned; `fired` counts how often, by state. */
export function withFaults(faults: readonly StepFault[], perform: (task: Task) => Promise<unknown>) {
  const fired = new Map<string, number>();
  const fire = ({ state }: Task) => fired.set(state, (fired.get(state) ?? 0) + 1);
  const faulty = async (task: Task): Promise<unknown> => {
    const kind = faults.find(({ state }) => state === task.state)?.kind;
    if (kind === undefined) return perform(task);
    if (kind.endsWith('once') && fired.has(task.state)) return perform(task);
    fire(task);
    const failure = kind.startsWith('is killed') ? new Killed() : kind.endsWith('once') ? passing() : lasting();
    if (kind === 'runs twice') {
      await perform(task);
      return perform(task);
    }
    if (kind.includes('after')) await perform(task);
    throw failure;
  };
  return { faulty, fired };
}
