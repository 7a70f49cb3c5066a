import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What a request spends. `trips` are requests to the table, retried ones included; `wcu` and `rcu` its capacity units as
 * AWS bills them; the others count requests to the service.
 */
export type Counter =
  | 'trips'
  | 'wcu'
  | 'rcu'
  | 'kms'
  | 'cognito'
  | 'ec2'
  | 'pricing'
  | 'events'
  | 's3'
  | 'secrets'
  | 'ses'
  | 'sfn'
  | 'sockets'
  | 'sqs'
  | 'sts';

export interface Meter {
  /** What was spent so far. */
  read(counter: Counter): number;
  add(counter: Counter, amount?: number): void;
}

const storage = new AsyncLocalStorage<Meter>();

/** Spending that nobody asked to see: start-up, and consumers that do not report it. */
const unread: Meter = { read: () => 0, add: () => undefined };

export function createMeter(): Meter {
  const counts = new Map<Counter, number>();
  return {
    read: (counter) => counts.get(counter) ?? 0,
    add: (counter, amount = 1) => void counts.set(counter, (counts.get(counter) ?? 0) + amount),
  };
}

/** Runs the work with a meter of its own; whatever it awaits counts there. */
export function runMetered<Result>(work: (meter: Meter) => Result): Result {
  const meter = createMeter();
  return storage.run(meter, work, meter);
}

/** The meter of the request that is being served. */
export const meter = (): Meter => storage.getStore() ?? unread;

/** `trips=3;wcu=2;rcu=1;kms=0`, for the header that the local stage answers with. */
export const meterText = (spent: Meter) =>
  (['trips', 'wcu', 'rcu', 'kms'] as const).map((counter) => `${counter}=${spent.read(counter)}`).join(';');
