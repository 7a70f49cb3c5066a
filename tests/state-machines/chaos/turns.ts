/** Calls of many processes, one at a time, in an order that follows from the seed. */
export interface Turns {
  /** Waits for its turn, then does the work while nobody else moves. */
  take<Result>(actor: number, work: () => Promise<Result>): Promise<Result>;
  /** Begins something that takes turns; what it throws, `run` throws. */
  spawn(begin: (actor: number) => Promise<void>): void;
  /** Waits for what others take the turns for. */
  leave<Result>(actor: number, others: Promise<Result>): Promise<Result>;
  /** Hands out turns until all that was begun has ended. */
  run(): Promise<void>;
}

interface Waiting {
  actor: number;
  go: () => Promise<unknown>;
}

/** An actor that neither calls nor ends within this waits for something that takes no turns. */
const stuckAfterMs = 30_000;

const flush = () => new Promise((resolve) => setImmediate(resolve));

export function createTurns(random: () => number): Turns {
  const live = new Set<number>();
  const failures: unknown[] = [];
  let waiting: Waiting[] = [];
  let spawned = 0;

  async function untilAllWait(): Promise<void> {
    const until = Date.now() + stuckAfterMs;
    await flush();
    while ([...live].some((actor) => !waiting.some((one) => one.actor === actor))) {
      if (Date.now() > until) throw new Error('cannot hand out turns: somebody neither calls nor ends');
      await flush();
    }
  }

  return {
    take: (actor, work) =>
      new Promise((resolve, reject) => {
        waiting.push({ actor, go: () => work().then(resolve, reject) });
      }),
    spawn(begin) {
      spawned += 1;
      const actor = spawned;
      live.add(actor);
      begin(actor)
        .catch((error: unknown) => failures.push(error))
        .finally(() => live.delete(actor));
    },
    async leave(actor, others) {
      live.delete(actor);
      return others.finally(() => live.add(actor));
    },
    async run() {
      for (;;) {
        await untilAllWait();
        // Who came first to wait is a matter of the machine's load; of one actor, calls come in order.
        waiting = waiting.toSorted((a, b) => a.actor - b.actor);
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        if (next === undefined) break;
        await next.go();
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
