import type { Key, Table, Write } from '../../../functions/platform/table/index.ts';

/** Something comes between what a use case has read and what it writes: once, right before its first transaction, or the first that holds such a write. */
export function beforeItWrites(
  table: Table,
  happens: () => Promise<unknown>,
  such: (write: Write) => boolean = () => true,
): Table {
  let happened = false;
  return {
    ...table,
    transact: async (writes, token) => {
      if (!happened && writes.some(such)) {
        happened = true;
        await happens();
      }
      return table.transact(writes, token);
    },
  };
}

/** Something comes between two reads that a use case makes side by side: after the first query, and before the item of this sort key is read. */
export function betweenItsReads(table: Table, sk: string, happens: () => Promise<unknown>): Table {
  const first = Promise.withResolvers<void>();
  let happened: Promise<unknown> | undefined;
  return {
    ...table,
    queryAll: async (query, cap) => {
      const items = await table.queryAll(query, cap);
      first.resolve();
      return items;
    },
    get: async (key: Key, options) => {
      if (key.sk === sk) {
        await first.promise;
        happened ??= happens();
        await happened;
      }
      return table.get(key, options);
    },
  };
}
