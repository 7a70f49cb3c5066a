import { type RunInput, type StepDependencies, TeardownError } from './step.ts';

/** A function runs for 5 minutes at most; what takes longer is tried again by the state machine. */
const emptyForMs = 230_000;
const longestPauseMs = 10_000;
/** A deletion that fails this often fails for a reason that asking does not mend. */
const mostAsked = 3;

/** Asks for the deletion of all that the workspace holds, until nothing is left. */
export async function emptyWorkspace({ workspace_id: id }: RunInput, dependencies: StepDependencies): Promise<void> {
  const { holdings, now, pause } = dependencies;
  const until = now().getTime() + emptyForMs;
  const timesAsked = new Map<string, number>();
  for (let tries = 0; ; tries += 1) {
    const found = await Promise.all(holdings.map((holding) => holding.askDeletion(id, now())));
    const left = found.reduce((sum, part) => sum + part.left, 0);
    if (left === 0) return;
    for (const { id: thing, name, reason } of found.flatMap(({ asked }) => asked)) {
      const times = (timesAsked.get(thing) ?? 0) + 1;
      timesAsked.set(thing, times);
      if (times > mostAsked)
        throw new TeardownError('CannotEmpty', `cannot delete ${name}: ${reason ?? 'it comes back'}`);
    }
    const wait = Math.min(longestPauseMs, 1_000 * 2 ** tries);
    if (now().getTime() + wait > until) throw new TeardownError('StillHolding', `${left} things are left`);
    await pause(wait);
  }
}
