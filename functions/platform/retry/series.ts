import { setTimeout as wait } from 'node:timers/promises';
import { unavailable } from '../../../contracts/errors.ts';
import { isAnswered } from './answered.ts';
import { type Failure, judge } from './failure.ts';

/**
 * A call may take 2.5 s whatever happens, so that an API function, which has 20 s, answers 503 by itself instead of being
 * cut off. Six tries wait 1.24 s at most between them. (A try's bound is for the answer's head; a body that stalls is cut
 * by the client's socket timeout, so that rare call may take 1.5 s more.)
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

/** For `client.send`: it takes this try's bound beside the client's own. */
export interface TryOptions {
  requestTimeout: number;
}

/** The tries of one call to AWS. */
export interface Series {
  /** An answer was lost, so what was asked may have been done already. */
  readonly lost: boolean;
  /**
   * Sends until there is an answer, good or bad, or the bound is reached: then SERVICE_UNAVAILABLE. Sends nothing any more for a request that was answered
   * early: what is left of it goes on when its frozen process serves the next one, minutes later.
   */
  send<Output>(
    attempt: (options: TryOptions) => Promise<Output>,
    judgement?: (error: unknown) => Failure,
  ): Promise<Output>;
  /** Waits before another try, which counts as one. */
  pause(cause: unknown): Promise<void>;
}

/** A new series of tries, whose 2.5 s begin now. What it is handed stands in for clock and chance in tests. */
export function beginSeries({
  random = Math.random,
  delay = wait,
  now = () => performance.now(),
}: Partial<Pace> = {}): Series {
  const began = now();
  let tries = 0;
  let lost = false;
  const left = () => limits.totalMs - (now() - began);

  async function pause(cause: unknown): Promise<void> {
    tries += 1;
    const waitMs = random() * limits.firstWaitMs * 2 ** (tries - 1);
    if (tries >= limits.tries || left() < waitMs + limits.leastTryMs) throw unavailable(retryAfterSeconds, cause);
    await delay(waitMs);
  }

  return {
    get lost() {
      return lost;
    },
    pause,
    async send(attempt, judgement = judge) {
      for (;;) {
        if (isAnswered()) throw unavailable(retryAfterSeconds);
        try {
          const tryMs = Math.max(limits.leastTryMs, Math.min(limits.tryMs, left()));
          return await attempt({ requestTimeout: Math.ceil(tryMs) });
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
