/** Failures count for so long. */
export const attemptWindowSeconds = 15 * 60;
export const mostFailuresPerAccount = 10;
export const mostFailuresPerAddress = 100;

const timeDigits = 7;
const randomDigits = 8;

/**
 * A mark of one attempt: when, in seconds in base 36, and the random end of an id that tells it from others of that second. Kept short, for 100 of them may
 * lie in one item, twice.
 */
export const attemptMark = (now: Date, id: string): string =>
  `${toSeconds(now).toString(36).padStart(timeDigits, '0')}${id.slice(-randomDigits)}`;

const toSeconds = (time: Date) => Math.floor(time.getTime() / 1_000);

const secondsOf = (mark: string) => Number.parseInt(mark.slice(0, timeDigits), 36);

/** Marks that count no more. */
export const staleMarks = (marks: Iterable<string>, now: Date): string[] =>
  [...marks].filter((mark) => secondsOf(mark) <= toSeconds(now) - attemptWindowSeconds);

/** Seconds until another attempt is allowed, which is when fewer than `most` marks are fresh; 0 if it is allowed now. */
export function waitSeconds(marks: Iterable<string>, most: number, now: Date): number {
  const fresh = [...marks].map(secondsOf).filter((at) => at > toSeconds(now) - attemptWindowSeconds);
  const blocking = fresh.toSorted((a, b) => b - a)[most - 1];
  return blocking === undefined ? 0 : Math.max(1, blocking + attemptWindowSeconds - toSeconds(now));
}
