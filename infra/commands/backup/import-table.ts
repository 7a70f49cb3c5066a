import { adapt, isPending } from './adapt.ts';
import { checkBackup, inBatches, itemsOf, refuse } from './backup-file.ts';
import { type Attributes, createSum, type Sum, writeItem } from './item.ts';
import {
  isAudit,
  isByItself,
  isCounts,
  isHead,
  isKept,
  isPrincipal,
  isSystem,
  isWatermark,
  timerHourOf,
  watermarkKey,
} from './kinds.ts';
import { marked, unmark } from './mark.ts';
import type { BackupTable } from './table.ts';
import { unchainedRows } from './unchained-rows.ts';

export interface ImportOptions {
  /** Into a table that holds something, as after an import that was interrupted: what the backup has too is replaced. */
  intoFull?: boolean;
  /** Into a table that was wiped: its own audit log stays, and that of the backup is left out. */
  keepAudit?: boolean;
  /** When the import began; each has its own. */
  run?: Date;
}

async function assertEmpty(table: BackupTable, keepAudit: boolean): Promise<void> {
  for await (const page of table.scan(0, 1))
    for (const item of page)
      if (!isByItself(item) && !(keepAudit && (isAudit(item) || isSystem(item))))
        refuse(`the table is not empty: it holds ${item['pk']?.S} ${item['sk']?.S}`);
}

/** A head of a chain that has gone on since is the better one: with an older one nothing could be added any more. */
const putHead = (table: BackupTable, item: Attributes): Promise<boolean> =>
  table.putIf(item, {
    text: 'attribute_not_exists(#seq) OR #seq <= :backup_seq',
    values: { backup_seq: item['seq'] ?? { N: '0' } },
  });

async function putAll(table: BackupTable, batch: readonly Attributes[], run: Date): Promise<void> {
  const heads = batch.filter(isHead);
  await table.put(batch.filter((item) => !heads.includes(item)).map((item) => marked(adapt(item, run), run)));
  await Promise.all(heads.map((head) => putHead(table, head)));
}

/** No tick looks before the watermark, so it goes back to the first hour in which there is something. */
export async function lowerWatermark(table: BackupTable, hour: string | undefined): Promise<void> {
  if (hour === undefined) return;
  const condition = { text: 'attribute_not_exists(#hour) OR #hour > :hour' };
  const change = { text: 'SET #hour = :hour', values: { hour: { S: hour } } };
  await table.updateIf({ key: watermarkKey, change, condition });
}

/** Of these items' timers, and of the backup's own watermark. */
export function firstHourOf(items: readonly Attributes[]): string | undefined {
  const hours = items.map((item) => (isWatermark(item) ? item['hour']?.S : timerHourOf(item)));
  return hours.filter((hour) => hour !== undefined).toSorted()[0];
}

async function restoreWatermark(table: BackupTable, file: string): Promise<void> {
  let first: string | undefined;
  for await (const item of itemsOf(file)) {
    const hour = firstHourOf([item]);
    if (hour !== undefined && (first === undefined || hour < first)) first = hour;
  }
  await lowerWatermark(table, first);
}

/** Of VMs by their state, as they come in. */
async function recounting(file: string): Promise<(item: Attributes) => Attributes> {
  let pending = 0;
  for await (const item of itemsOf(file)) if (isPending(item)) pending += 1;
  const plus = (value: Attributes[string] | undefined, change: number) => ({
    N: String(Number(value?.N ?? 0) + change),
  });
  return (item) =>
    isCounts(item) && pending > 0
      ? {
          ...item,
          vms_pending: plus(item['vms_pending'], -pending),
          vms_error: plus(item['vms_error'], pending),
        }
      : item;
}

/**
 * Puts the items of a backup into an empty table, with the consumers of its stream off for them: marked first, then unmarked. Who the admins are comes first,
 * so that nobody can become one meanwhile; principals come last, so that nobody calls a stage that is half there. Audit rows that no block holds are put
 * without a mark, for the chain to take them. Interrupted, it can be run again with `intoFull`. Answers the sum of the file.
 */
export async function importTable(
  table: BackupTable,
  file: string,
  { intoFull = false, keepAudit = false, run = new Date() }: ImportOptions = {},
): Promise<Sum> {
  const sum = await checkBackup(file);
  if (!intoFull) await assertEmpty(table, keepAudit);
  const isUnchained = keepAudit ? () => false : await unchainedRows(file);
  const isChosen = (item: Attributes) => !isWatermark(item) && !(keepAudit && isAudit(item)) && !isUnchained(item);
  const isUsual = (item: Attributes) => isChosen(item) && !isSystem(item) && !isPrincipal(item);
  const recounted = await recounting(file);
  await inBatches(file, isSystem, (batch) => table.put(batch.map(recounted)));
  await inBatches(file, isUsual, (batch) => putAll(table, batch, run));
  await inBatches(file, isUsual, (batch) => unmark(table, batch));
  await inBatches(file, isUnchained, (batch) => table.put(batch));
  await restoreWatermark(table, file);
  await inBatches(file, isPrincipal, (batch) => table.put(batch.map((item) => adapt(item, run))));
  return sum;
}

export interface Comparison {
  /** Items of the file that the table is to hold. */
  items: number;
  /** `<pk> <sk>` of those that it does not hold. */
  missing: string[];
  /** `<pk> <sk>` of those that it holds otherwise than they were imported: they have been changed since. */
  changed: string[];
}

const nameOf = ({ pk, sk }: Attributes) => `${pk?.S} ${sk?.S}`;

/** Looks for every item of the file in the table, as the import of this run put it there. */
export async function compareImport(
  table: BackupTable,
  file: string,
  { keepAudit = false, run }: ImportOptions & { run: Date },
): Promise<Comparison> {
  const comparison: Comparison = { items: 0, missing: [], changed: [] };
  const isExpected = (item: Attributes) => !(keepAudit && isAudit(item));
  await inBatches(file, isExpected, async (exported) => {
    const batch = exported.map((item) => adapt(item, run));
    const found = new Map((await table.get(batch)).map((item) => [nameOf(item), item]));
    comparison.items += batch.length;
    for (const item of batch) {
      const there = found.get(nameOf(item));
      if (there === undefined) comparison.missing.push(nameOf(item));
      // These may be further on, or back, by the import itself.
      else if (!isHead(item) && !isWatermark(item) && !isCounts(item) && writeItem(there) !== writeItem(item))
        comparison.changed.push(nameOf(item));
    }
  });
  return comparison;
}

/** The sum of what a table holds now. */
export async function sumOf(table: BackupTable): Promise<Sum> {
  const sum = createSum();
  for await (const page of table.scan(0, 1)) for (const item of page.filter(isKept)) sum.add(writeItem(item));
  return sum.read();
}
