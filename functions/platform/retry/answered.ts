import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<AbortSignal>();

/** Runs the work of a request that is answered, at the latest, when the signal says so. */
export const runUntil = <Result>(signal: AbortSignal, work: () => Result): Result => storage.run(signal, work);

/** Whether the request that this is done for has been answered already, without waiting for it. */
export const isAnswered = (): boolean => storage.getStore()?.aborted === true;
