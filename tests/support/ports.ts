import { isFree } from '../../local/processes/ports.ts';

/** Below those that systems give to whoever calls out: no client's end is in the way of who listens here some seconds later. */
const [lowest, count] = [20_000, 12_000];
/** Processes beside each other begin far from each other, and a process has each port once. */
let last = (process.pid * 97) % count;

/** A port for a program that is yet to start. */
export async function findPort(): Promise<number> {
  for (let tries = 0; tries < count; tries += 1) {
    last = (last + 1) % count;
    // Another call may draw its own while this one is looked at.
    const port = lowest + last;
    if (await isFree(port)) return port;
  }
  throw new Error('cannot find a free port');
}
