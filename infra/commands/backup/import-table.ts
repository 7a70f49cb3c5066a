import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Attributes, createSum, readItem, type Sum, writeItem } from './item.ts';
import { type BackupTable, importMark, isKept } from './table.ts';

/** The lines of a backup: heading, items, sum. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  // A file that can't be read ends the other stream with its error, which the reader below throws.
  pipeline(createReadStream(file), gunzip, () => undefined);
  yield* createInterface({ input: gunzip, crlfDelay: Number.POSITIVE_INFINITY });
}

const refuse = (why: string): never => {
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

/** Calls are allowed by these, so they come last: nobody calls a stage that is half there. */
const isPrincipal = ({ pk }: Attributes) => pk?.S?.startsWith('PRINCIPAL#') === true;

async function* itemsOf(file: string): AsyncGenerator<Attributes> {
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
async function inBatches(
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

/** Those that the stream delivers are marked, so that its consumers leave them alone. */
const marked = (item: Attributes): Attributes =>
  item['type'] === undefined ? item : { ...item, [importMark]: { BOOL: true } };

interface ImportOptions {
  /** Into a table that holds something, as after an import that was interrupted: what the backup has too is replaced. */
  intoFull?: boolean;
}

/**
 * Puts the items of a backup into an empty table, with the consumers of its stream off for them: marked first, then unmarked, principals last. Interrupted,
 * it can be run again with `intoFull`. Answers the sum of the file.
 */
export async function importTable(
  table: BackupTable,
  file: string,
  { intoFull = false }: ImportOptions = {},
): Promise<Sum> {
  const sum = await checkBackup(file);
  if (!intoFull && !(await table.isEmpty())) refuse('the table is not empty');
  await inBatches(
    file,
    (item) => !isPrincipal(item),
    (batch) => table.put(batch.map(marked)),
  );
  await inBatches(
    file,
    (item) => item['type'] !== undefined,
    (batch) => Promise.all(batch.map((item) => table.unmark(item))),
  );
  await inBatches(file, isPrincipal, (batch) => table.put(batch));
  return sum;
}

/** The sum of what a table holds now, by which a restored one is known to be what was exported. */
export async function sumOf(table: BackupTable): Promise<Sum> {
  const sum = createSum();
  for await (const page of table.scan(0, 1)) for (const item of page.filter(isKept)) sum.add(writeItem(item));
  return sum.read();
}
