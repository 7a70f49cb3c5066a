export interface LoadFigure {
  name: string;
  inFlight: number;
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not as wanted; a figure with any is void. */
  failures: number;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Keeps `inFlight` calls under way for so many milliseconds, after a warm-up that starts the functions' processes. */
export async function measureLoad(
  name: string,
  call: () => Promise<boolean>,
  inFlight: number,
  forMs: number,
): Promise<LoadFigure> {
  const loop = async (until: number, tooks: number[]) => {
    let failures = 0;
    while (performance.now() < until) {
      const began = performance.now();
      if (!(await call())) failures += 1;
      tooks.push(performance.now() - began);
    }
    return failures;
  };
  const keep = (tooks: number[], ms: number) => {
    const until = performance.now() + ms;
    return Promise.all(Array.from({ length: inFlight }, () => loop(until, tooks)));
  };
  await keep([], forMs / 2);
  const tooks: number[] = [];
  const began = performance.now();
  const failures = (await keep(tooks, forMs)).reduce((sum, count) => sum + count, 0);
  const seconds = (performance.now() - began) / 1_000;
  const sorted = tooks.toSorted((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return {
    name,
    inFlight,
    requests: tooks.length,
    perSecond: round(tooks.length / seconds),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failures,
  };
}
