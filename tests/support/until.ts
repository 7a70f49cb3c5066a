import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is true; fails, saying what never came, when it takes too long. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not so within ${withinMs} ms`);
    await pause(50);
  }
}
