import type { Key, PlainWrite, Table, Write } from '../../../functions/platform/table/types.ts';

export interface UnguardedTable extends Table {
  /** Conditions that were taken off. A control in which none was proves nothing. */
  lifted: number;
}

const keyOf = (write: Write): Key => {
  if ('put' in write) return write.put;
  if ('update' in write) return write.update;
  return 'delete' in write ? write.delete : write.check;
};

/** The table without the conditions on the items that fit: what a guarded race looks like with its guard taken off. */
export function withoutConditions(table: Table, fits: (key: Key) => boolean): UnguardedTable {
  function lift<Kind extends Write>(write: Kind): Kind {
    if (write.condition === undefined || !fits(keyOf(write))) return write;
    unguarded.lifted += 1;
    const { condition: _, otherwise: __, ...bare } = write;
    return bare as Kind;
  }
  const unguarded: UnguardedTable = {
    ...table,
    lifted: 0,
    write: (write: PlainWrite, returning) => table.write(lift(write), returning),
    // A check is its condition: without it, nothing is left of it.
    transact: (writes, token) =>
      table.transact(
        writes.map(lift).filter((write) => !('check' in write) || write.condition !== undefined),
        token,
      ),
  };
  return unguarded;
}
