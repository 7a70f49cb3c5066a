/** Who waits here goes on once so many have come, and at once behind them: so all of them have looked before the first one acts, on any machine. */
export function awaitCrowd(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let here = 0;
  return () => {
    here += 1;
    if (here >= size) resolve();
    return promise;
  };
}
