const [hourMs, marginMs] = [3_600_000, 180_000];

/**
 * How far a clock is to be ahead from now on so that no hour turns in the next minutes: the first call of an hour opens a window, which costs a trip and a
 * unit more.
 */
export const steadyAhead = (): number => (Date.now() % hourMs > hourMs - marginMs ? marginMs : 0);

/** Such a clock. */
export function steadyClock(): () => Date {
  const ahead = steadyAhead();
  return () => new Date(Date.now() + ahead);
}
