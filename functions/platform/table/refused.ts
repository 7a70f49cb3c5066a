import type { Item, Refuse } from './types.ts';

/** A write's own condition did not hold. Whoever wrote knows what that means: it goes no further. */
export class Refused extends Error {
  /** The item as it was; undefined when there was none. */
  readonly old: Item | undefined;

  constructor(old: Item | undefined) {
    super('the condition of a write did not hold');
    this.old = old;
  }
}

export const refused: Refuse = (old) => new Refused(old);

/** What the work answers, or its refusal. */
export const orRefused = <Result>(work: Promise<Result>): Promise<Result | Refused> =>
  work.catch((error: unknown) => {
    if (error instanceof Refused) return error;
    throw error;
  });

/** True when the work was done; false where it was refused. */
export const unlessRefused = async (work: Promise<unknown>): Promise<boolean> =>
  !((await orRefused(work)) instanceof Refused);
