import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until there is an answer and it is not false, and hands it back; fails, saying what never came, when it takes too long. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  withinMs = 60_000,
): Promise<Answer> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not so within ${withinMs} ms`);
    await pause(20);
  }
}
