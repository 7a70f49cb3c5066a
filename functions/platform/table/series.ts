import { unavailable } from '../../../contracts/errors.ts';
import { type Failure, judge } from './failure.ts';

/**
 * A call of the table may take 2.5 s whatever happens, so an API function, which has 15 s, answers 503 by itself instead of
 * being cut off. Six tries wait 1.24 s at most between them.
 */
const limits = { tries: 6, totalMs: 2500, tryMs: 1500, firstWaitMs: 40, leastTryMs: 50 };

const retryAfterSeconds = 2;

export interface Pace {
  /** 0 ≤ x < 1, for the jitter. */
  random: () => number;
  delay: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds from any origin. */
  now: () => number;
}

/** The tries of one call. */
export interface Series {
  /** An answer was lost, so what was asked may have been done already. */
  readonly lost: boolean;
  /** Sends until there is an answer, good or bad, or the bound is reached: then SERVICE_UNAVAILABLE. */
  send<Output>(attempt: (options: { requestTimeout: number }) => Promise<Output>, judgement?: (error: unknown) => Failure): Promise<Output>;
  /** Waits before another try, which counts as one. */
  pause(cause: unknown): Promise<void>;
}

export function beginSeries({ random, delay, now }: Pace): Series {
  const began = now();
  let tries = 0;
  let lost = false;
  const left = () => limits.totalMs - (now() - began);

  async function pause(cause: unknown): Promise<void> {
    tries += 1;
    const wait = random() * limits.firstWaitMs * 2 ** (tries - 1);
    if (tries >= limits.tries || left() < wait + limits.leastTryMs) throw unavailable(retryAfterSeconds, cause);
    await delay(wait);
  }

  return {
    get lost() {
      return lost;
    },
    pause,
    async send(attempt, judgement = judge) {
      for (;;) {
        try {
          return await attempt({ requestTimeout: Math.ceil(Math.min(limits.tryMs, Math.max(limits.leastTryMs, left()))) });
        } catch (error) {
          const failure = judgement(error);
          if (failure === 'final') throw error;
          if (failure === 'lost') lost = true;
          await pause(error);
        }
      }
    },
  };
}
