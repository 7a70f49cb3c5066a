import type { Attributes } from './item.ts';
import type { BackupTable, Update } from './table.ts';

/** By which a consumer of the stream knows what an import does: nothing follows from it. Each run has a mark of its own, so that two are told apart. */
const importMark = 'imported';

const isTyped = (item: Attributes): boolean => item['type'] !== undefined;

/** The stream delivers items that have a type, and those alone. */
export const marked = (item: Attributes, run: Date): Attributes =>
  isTyped(item) ? { ...item, [importMark]: { S: run.toISOString() } } : item;

export const isMarked = (item: Attributes): boolean => item[importMark] !== undefined;

/** Takes the mark off an item that has it: of an import that was interrupted it may be off already, or the item gone. */
export const unmarking = (key: Attributes): Update => ({
  key,
  change: { text: `REMOVE #${importMark}` },
  condition: { text: `attribute_exists(#${importMark})` },
});

export const unmark = (table: BackupTable, items: readonly Attributes[]): Promise<boolean[]> =>
  Promise.all(items.filter(isTyped).map((item) => table.updateIf(unmarking(item))));
