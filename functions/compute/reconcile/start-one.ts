import type { Start } from '../../platform/outbox/effect.ts';
import type { StateMachines } from '../../platform/outbox/state-machines.ts';

/** Starts an execution unless there has been one of its name; throws where that could not be done. */
export const startOne =
  (machines: StateMachines) =>
  async (start: Start): Promise<void> => {
    const [failure] = await machines.start([start]);
    if (failure !== undefined) throw failure;
  };
