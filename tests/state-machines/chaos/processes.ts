import type { Turns } from './turns.ts';

/** The process is dead: nothing that it would have done later is done, not even what it does of failures. */
export class Dead extends Error {}

/** A run of a function, up to its end or its kill. */
export interface Process {
  isDead: () => boolean;
  /** Ends when whoever called it gives it up, though it goes on: as a step whose execution is stopped. */
  givenUp: Promise<void>;
  /** The same, each call of which takes a turn and may be the last. */
  mortal<Methods extends object>(name: string, methods: Methods): Methods;
}

export interface Killer {
  planned: number;
  fired: () => number;
  /** Every call and kill in order: the same of the same seed. */
  trace: string[];
  start(what: string, actor: number, mayBeGivenUp?: 'may be given up'): Process;
}

const longestGap = 12;

/** Kills so many processes, each before or after one of its calls, or has its caller give it up; which and when follows from the seed. */
export function createKiller(planned: number, random: () => number, turns: Turns): Killer {
  const drawGap = () => 1 + Math.floor(random() * longestGap);
  const trace: string[] = [];
  let fired = 0;
  let gap = drawGap();

  function draw(mayBeGivenUp: boolean): 'before' | 'after' | 'given up' | undefined {
    gap -= 1;
    if (gap > 0 || fired >= planned) return undefined;
    fired += 1;
    gap = drawGap();
    if (mayBeGivenUp && random() < 0.4) return 'given up';
    return random() < 0.5 ? 'before' : 'after';
  }

  return {
    planned,
    fired: () => fired,
    trace,
    start(what, actor, mayBeGivenUp) {
      let dead = false;
      const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>();
      const call = (name: string, work: () => Promise<unknown>) =>
        turns.take(actor, async () => {
          if (dead) throw new Dead();
          const kill = draw(mayBeGivenUp !== undefined);
          trace.push(`${what} ${name}${kill === undefined ? '' : `, killed ${kill}`}`);
          if (kill === 'before') dead = true;
          if (kill === 'given up') giveUp();
          if (dead) throw new Dead();
          // What the call itself throws is the caller's, unless it died of it.
          const result = await work().finally(() => {
            if (kill === 'after') dead = true;
          });
          if (dead) throw new Dead();
          return result;
        });
      async function* pagesOf(name: string, pages: AsyncIterable<unknown>) {
        const inner = pages[Symbol.asyncIterator]();
        for (;;) {
          const next = (await call(name, () => inner.next())) as IteratorResult<unknown>;
          if (next.done === true) return;
          yield next.value;
        }
      }
      const mortal = <Methods extends object>(of: string, methods: Methods): Methods => {
        const wrapped = Object.entries(methods).map(([method, work]) => {
          const name = `${of}.${method}`;
          if (method === 'list' && of === 'cloud')
            return [method, (...given: unknown[]) => pagesOf(name, work(...given))];
          return [method, (...given: unknown[]) => call(name, async () => work(...given))];
        });
        return Object.fromEntries(wrapped);
      };
      return { isDead: () => dead, givenUp, mortal };
    },
  };
}
