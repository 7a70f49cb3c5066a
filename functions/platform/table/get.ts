import { BatchGetItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { meter } from '../meter.ts';
import { type Attributes, toAttributes, toItem, toItemIfAny } from './attributes.ts';
import { readUnits } from './capacity.ts';
import { itemBytes } from './item-bytes.ts';
import type { Item, Key, ReadOptions } from './types.ts';
import type { Wire } from './wire.ts';

/** DynamoDB's limit of keys in one request. */
const mostKeys = 100;

const keyAttributes = ({ pk, sk }: Key) => toAttributes({ pk, sk });

/** One item, strongly consistent unless said: one round trip. */
export async function getItem(
  wire: Wire,
  key: Key,
  { consistent = true }: ReadOptions = {},
): Promise<Item | undefined> {
  const input = { TableName: wire.tableName, Key: keyAttributes(key), ConsistentRead: consistent };
  const { Item: found } = await wire.begin().send((options) => {
    meter().add('trips');
    return wire.client.send(new GetItemCommand(input), options);
  });
  meter().add('rcu', readUnits(found ? itemBytes(found) : 0, consistent));
  return toItemIfAny(found);
}

const nameOf = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);

/** Those of the items that exist, in the order of their keys, each once: a round trip per 100, side by side. */
export async function getMany(
  wire: Wire,
  keys: readonly Key[],
  { consistent = true }: ReadOptions = {},
): Promise<Item[]> {
  const wanted = new Map(keys.map((key) => [nameOf(key), key]));
  const unique = [...wanted.values()];
  const found = new Map<string, Item>();
  const batches: Promise<Item[]>[] = [];
  for (let at = 0; at < unique.length; at += mostKeys)
    batches.push(getBatch(wire, unique.slice(at, at + mostKeys), consistent));
  for (const item of (await Promise.all(batches)).flat()) found.set(nameOf(item), item);
  return [...wanted.keys()].flatMap((name) => found.get(name) ?? []);
}

/** What a batch leaves undone, for its size (16 MB) or for throttling, is asked for again in the same series. */
async function getBatch(
  { client, tableName, begin }: Wire,
  keys: readonly Key[],
  consistent: boolean,
): Promise<Item[]> {
  const series = begin();
  const items: Item[] = [];
  let left: Attributes[] = keys.map(keyAttributes);
  for (;;) {
    const asked = left;
    const output = await series.send((options) => {
      meter().add('trips');
      const RequestItems = { [tableName]: { Keys: asked, ConsistentRead: consistent } };
      return client.send(new BatchGetItemCommand({ RequestItems }), options);
    });
    const found = output.Responses?.[tableName] ?? [];
    left = output.UnprocessedKeys?.[tableName]?.Keys ?? [];
    billBatch(found, asked.length - left.length, consistent);
    items.push(...found.map(toItem));
    if (left.length === 0) return items;
    await series.pause(new Error(`cannot read ${left.length} of ${keys.length} items: left unprocessed`));
  }
}

/** Each key is rounded up by itself; one that is not there costs the least. */
function billBatch(found: readonly Attributes[], served: number, consistent: boolean): void {
  const units = found.reduce((total, item) => total + readUnits(itemBytes(item), consistent), 0);
  meter().add('rcu', units + Math.max(0, served - found.length) * readUnits(0, consistent));
}
