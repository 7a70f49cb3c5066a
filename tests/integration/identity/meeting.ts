/** Whoever comes waits until so many have come; who comes later does not wait. So a race is one on every machine, whatever its speed. */
export function meetingOf(count: number): () => Promise<void> {
  let come = 0;
  let begin: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return () => {
    come += 1;
    if (come === count) begin();
    return all;
  };
}
