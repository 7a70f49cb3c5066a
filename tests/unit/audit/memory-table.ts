import { setImmediate as yieldOnce } from 'node:timers/promises';
import { meter } from '../../../functions/platform/meter.ts';
import { toAttributes } from '../../../functions/platform/table/attributes.ts';
import { readUnits } from '../../../functions/platform/table/capacity.ts';
import { itemBytes } from '../../../functions/platform/table/item-bytes.ts';
import type { Fragment, Item, Key, Page, Query, Table, Write } from '../../../functions/platform/table/types.ts';

const pageBytes = 1_048_576;
const sizes = new WeakMap<Item, number>();

function bytesOf(item: Item): number {
  const bytes = sizes.get(item) ?? itemBytes(toAttributes(item));
  sizes.set(item, bytes);
  return bytes;
}

/** The forms that the audit context's conditions have, joined by AND. */
function holds(condition: Fragment, item: Item | undefined): boolean {
  return condition.text.split(' AND ').every((part) => {
    if (/^\(?attribute_not_exists\(#pk\)\)?$/.test(part)) return item === undefined;
    if (/^\(?attribute_exists\(#pk\)\)?$/.test(part)) return item !== undefined;
    const [, attribute = '', value = ''] = /^\(?#(\w+) = :(\w+)\)?$/.exec(part) ?? [];
    if (attribute === '') throw new Error(`the memory table does not know ${part}`);
    return item !== undefined && item[attribute] === condition.values?.[value];
  });
}

/** A table in memory: keys in order, pages of 1 MB, reads billed as the real one bills them. Anything may happen between two of its calls. */
export interface MemoryTable extends Table {
  partitions: Map<string, Map<string, Item>>;
  put(item: Item): void;
  delete(key: Key): void;
  /** Deletes what has come to its end, as DynamoDB does within 48 hours. */
  sweep(now: Date): number;
}

export function createMemoryTable(): MemoryTable {
  const partitions = new Map<string, Map<string, Item>>();
  const sorted = new Map<string, string[]>();
  const find = ({ pk, sk }: Key) => partitions.get(pk)?.get(sk);
  const put = (item: Item) => {
    const partition = partitions.get(item.pk) ?? new Map<string, Item>();
    if (!partition.has(item.sk)) sorted.delete(item.pk);
    partitions.set(item.pk, partition.set(item.sk, { ...item }));
  };
  const remove = ({ pk, sk }: Key) => {
    if (partitions.get(pk)?.delete(sk) === true) sorted.delete(pk);
  };
  const keysOf = (pk: string) => {
    const keys = sorted.get(pk) ?? [...(partitions.get(pk)?.keys() ?? [])].sort();
    sorted.set(pk, keys);
    return keys;
  };
  const apply = (write: Write) => {
    if ('put' in write) return put(write.put);
    if (!('update' in write) || write.change.text !== 'SET #ttl = :ttl')
      throw new Error('the memory table only puts, and sets the end of items');
    put({ ...find(write.update), ...write.update, ttl: write.change.values?.['ttl'] });
  };
  const guard = (write: Write) => {
    const old = 'put' in write ? find(write.put) : 'update' in write ? find(write.update) : undefined;
    if (write.condition !== undefined && !holds(write.condition, old)) throw write.otherwise(old);
  };

  async function query({ pk, prefix, from, to, descending, limit, after, consistent = true }: Query): Promise<Page> {
    await yieldOnce();
    const low = prefix ?? from ?? '';
    const high = prefix === undefined ? to : `${prefix}\uffff`;
    const keys = keysOf(pk).filter((sk) => sk >= low && (high === undefined || sk <= high));
    if (descending === true) keys.reverse();
    const begin = after === undefined ? 0 : keys.indexOf(String(after['sk'])) + 1;
    const items: Item[] = [];
    let bytes = 0;
    for (const sk of keys.slice(begin)) {
      if (items.length === limit || bytes > pageBytes) break;
      const item = find({ pk, sk }) as Item;
      items.push({ ...item });
      bytes += bytesOf(item);
    }
    meter().add('trips');
    meter().add('rcu', readUnits(bytes, consistent));
    const last = items.at(-1);
    // As on AWS: a page that is full names its last row, whether or not there is another behind it.
    const full = items.length === limit || begin + items.length < keys.length;
    return { items, count: items.length, ...(full && last !== undefined && { next: { pk, sk: last.sk } }) };
  }

  async function queryAll(request: Query, cap = 2_000): Promise<Item[]> {
    const items: Item[] = [];
    let after: Query['after'];
    do {
      const page: Page = await query({
        ...request,
        after,
        limit: Math.min(request.limit ?? cap + 1, cap + 1) - items.length,
      });
      items.push(...page.items);
      if (items.length > cap) throw new Error('too many rows');
      after = page.next;
    } while (after !== undefined && items.length < (request.limit ?? Number.POSITIVE_INFINITY));
    return items;
  }

  return {
    partitions,
    put,
    delete: remove,
    sweep(now) {
      const ended = [...partitions.values()].flatMap((items) =>
        [...items.values()].filter(({ ttl }) => typeof ttl === 'number' && ttl * 1_000 <= now.getTime()),
      );
      for (const item of ended) remove(item);
      return ended.length;
    },
    query,
    queryAll,
    async get(key, { consistent = true } = {}) {
      await yieldOnce();
      const item = find(key);
      meter().add('trips');
      meter().add('rcu', readUnits(item === undefined ? 0 : bytesOf(item), consistent));
      return item && { ...item };
    },
    async getMany(keys, { consistent = true } = {}) {
      await yieldOnce();
      meter().add('trips', Math.ceil(keys.length / 100));
      return keys.flatMap((key) => {
        const item = find(key);
        meter().add('rcu', readUnits(item === undefined ? 0 : bytesOf(item), consistent));
        return item === undefined ? [] : [{ ...item }];
      });
    },
    count: async (request) => (await queryAll(request, Number.MAX_SAFE_INTEGER - 1)).length,
    async write(write) {
      await yieldOnce();
      guard(write);
      apply(write);
      meter().add('wcu');
      return undefined;
    },
    async transact(writes) {
      await yieldOnce();
      for (const write of writes) guard(write);
      for (const write of writes) apply(write);
    },
  };
}
