import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Attributes, createSum, readItem, type Sum } from './item.ts';

/** The lines of a backup: heading, items, sum. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  // A file that can't be read ends the other stream with its error, which the reader below throws.
  pipeline(createReadStream(file), gunzip, () => undefined);
  yield* createInterface({ input: gunzip, crlfDelay: Number.POSITIVE_INFINITY });
}

export const refuse = (why: string): never => {
  throw new Error(`cannot import: ${why}`);
};

const isHeading = (line: string) => (JSON.parse(line) as { format?: unknown }).format === 'skyclust-backup-1';

/** Reads the whole file before anything is written: a torn or changed one is refused. */
export async function checkBackup(file: string): Promise<Sum> {
  const sum = createSum();
  let [first, last]: [string | undefined, string | undefined] = [undefined, undefined];
  try {
    for await (const line of linesOf(file)) {
      if (first === undefined) first = line;
      else {
        if (last !== undefined) sum.add(last);
        last = line;
      }
    }
  } catch (error) {
    refuse(`${file} is no whole backup (${(error as Error).message})`);
  }
  if (first === undefined || last === undefined || !isHeading(first)) return refuse(`${file} is no backup`);
  const [found, said] = [sum.read(), JSON.parse(last) as Sum];
  if (found.items !== said.items || found.sha256_sum !== said.sha256_sum)
    refuse(`${file} was changed: it says ${said.items} items, and holds ${found.items} of another sum`);
  return found;
}

export async function* itemsOf(file: string): AsyncGenerator<Attributes> {
  let waiting: string | undefined;
  let isFirst = true;
  for await (const line of linesOf(file)) {
    if (!isFirst && waiting !== undefined) yield readItem(waiting);
    if (!isFirst) waiting = line;
    isFirst = false;
  }
}

const atOnce = 200;

/** Does the work of all items that are chosen, some hundred at a time. */
export async function inBatches(
  file: string,
  chosen: (item: Attributes) => boolean,
  work: (batch: Attributes[]) => Promise<unknown>,
): Promise<void> {
  let batch: Attributes[] = [];
  for await (const item of itemsOf(file)) {
    if (!chosen(item)) continue;
    batch.push(item);
    if (batch.length >= atOnce) {
      await work(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await work(batch);
}
