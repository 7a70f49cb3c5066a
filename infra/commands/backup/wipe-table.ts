import { checkBackup, itemsOf } from './backup-file.ts';
import type { Attributes } from './item.ts';
import { isAudit, isPrincipal, isSystem } from './kinds.ts';
import type { BackupTable } from './table.ts';

export interface WipeOptions {
  /** The backup that is to come in afterwards. */
  file: string;
  tableName: string;
  /** The table's name once more, by hand. */
  confirm: string | undefined;
}

const refuse = (why: string): never => {
  throw new Error(`cannot wipe: ${why}`);
};

const segments = 4;

/** The stream delivers these: what follows from them when they go is kept from following by a mark. */
const isTyped = (item: Attributes): boolean => item['type'] !== undefined;

/** A backup of a few partitions would leave the stage without the rest. */
async function assertWhole(file: string): Promise<void> {
  await checkBackup(file);
  const seen = { principals: false, admins: false };
  for await (const item of itemsOf(file)) {
    seen.principals ||= isPrincipal(item);
    seen.admins ||= isSystem(item) && item['sk']?.S === 'ADMINS';
  }
  if (!seen.principals || !seen.admins) refuse(`${file} holds no users, or no admin: it is not of a whole stage`);
}

/**
 * Empties a table for the backup that is to come in, but for its audit log, which is only ever added to, and for who the admins are: while nobody is, the
 * first to register becomes one. Refused unless the backup is there and whole, the table can be brought back from a point in time, and its name was said
 * twice. Nothing follows from it outside the table. Answers how many items are gone.
 */
export async function wipeTable(table: BackupTable, { file, tableName, confirm }: WipeOptions): Promise<number> {
  if (confirm !== tableName) refuse(`say which table is to lose all that it holds: --confirm ${tableName}`);
  await assertWhole(file);
  if (!(await table.isRestorable())) refuse(`${tableName} has no point-in-time recovery: what is gone would be gone`);
  let gone = 0;
  const wiped = { text: 'SET #wiped = :wiped', values: { wiped: { BOOL: true } } };
  const present = { text: 'attribute_exists(#pk)' };
  const wipeSegment = async (segment: number) => {
    for await (const page of table.scan(segment, segments)) {
      const items = page.filter((item) => !isAudit(item) && !isSystem(item));
      await Promise.all(items.filter(isTyped).map((key) => table.updateIf({ key, change: wiped, condition: present })));
      await table.remove(items);
      gone += items.length;
    }
  };
  await Promise.all(Array.from({ length: segments }, (_, segment) => wipeSegment(segment)));
  return gone;
}
