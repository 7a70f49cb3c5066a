import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { meter } from '../meter.ts';
import { toAttributes, toItem } from './attributes.ts';
import { readUnits } from './capacity.ts';
import { invalidCursor } from './cursor.ts';
import { expressionAttributes } from './expression.ts';
import { itemBytes } from './item-bytes.ts';
import type { Fragment, Item, Page, Position, Query } from './types.ts';
import type { Wire } from './wire.ts';

const defaultCap = 2000;

/** One page, at most 1 MB: one round trip. VALIDATION_ERROR for a cursor of another query. */
export async function queryPage(wire: Wire, query: Query): Promise<Page> {
  if (isEmpty(query)) return { items: [], count: 0 };
  const input = queryInput(wire.tableName, query);
  const output = await wire
    .begin()
    .send((options) => {
      meter().add('trips');
      return wire.client.send(new QueryCommand(input), options);
    })
    .catch((error: unknown) => {
      throw query.after && isForeignStart(error) ? invalidCursor() : error;
    });
  const found = output.Items ?? [];
  const bytes = found.reduce((total, item) => total + itemBytes(item), 0);
  // A count shows no rows to size, so it alone is billed by what the service says.
  meter().add('rcu', output.ConsumedCapacity?.CapacityUnits ?? readUnits(bytes, input.ConsistentRead));
  const next = output.LastEvaluatedKey && (toItem(output.LastEvaluatedKey) as Position);
  return { items: found.map(toItem), count: output.Count ?? found.length, ...(next && { next }) };
}

/** All rows up to the query's limit, page after page. Throws where there are more than `cap`: no caller may read without end. */
export async function queryAll(wire: Wire, query: Query, cap = defaultCap): Promise<Item[]> {
  const items: Item[] = [];
  const wanted = query.limit ?? Number.POSITIVE_INFINITY;
  let after = query.after;
  do {
    const limit = Math.min(wanted, cap + 1) - items.length;
    const page = await queryPage(wire, { ...query, after, limit, count: false });
    items.push(...page.items);
    if (items.length > cap) throw new Error(`cannot read all of ${query.pk}: it has more than ${cap} rows`);
    after = page.next;
  } while (after && items.length < wanted);
  return items;
}

/** How many rows there are, up to the query's limit; they are read, but not sent. */
export async function countRows(wire: Wire, query: Query): Promise<number> {
  let rows = 0;
  let after = query.after;
  do {
    const limit = query.limit && query.limit - rows;
    const page = await queryPage(wire, { ...query, after, limit, count: true });
    rows += page.count;
    after = page.next;
  } while (after && rows < (query.limit ?? Number.POSITIVE_INFINITY));
  return rows;
}

/** DynamoDB refuses a BETWEEN whose bounds are crossed; it compares bytes of UTF-8. */
const isEmpty = ({ from, to }: Query) =>
  from !== undefined && to !== undefined && Buffer.compare(Buffer.from(from), Buffer.from(to)) > 0;

/** A start outside of the query's own bounds comes from a forged cursor. */
const isForeignStart = (error: unknown) =>
  error instanceof Error && error.name === 'ValidationException' && /start(ing)? ?key/i.test(error.message);

function queryInput(tableName: string, query: Query): QueryCommandInput & { ConsistentRead: boolean } {
  const [pk, sk] = query.index ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
  const condition = keyCondition(query, { pk: pk as string, sk: sk as string });
  return {
    TableName: tableName,
    ...(query.index && { IndexName: query.index }),
    KeyConditionExpression: condition.text,
    ...expressionAttributes([condition]),
    ScanIndexForward: !query.descending,
    ConsistentRead: query.index ? false : (query.consistent ?? true),
    ...(query.limit && { Limit: query.limit }),
    ...(query.after && { ExclusiveStartKey: toAttributes({ ...query.after, [pk as string]: query.pk }) }),
    ...(query.count && { Select: 'COUNT', ReturnConsumedCapacity: 'TOTAL' }),
  };
}

function keyCondition({ pk, prefix, from, to }: Query, names: { pk: string; sk: string }): Fragment {
  const values = { pk, prefix, from, to };
  if (prefix !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new TypeError(`cannot query ${pk}: by prefix or by range, not both`);
    return { text: '#pk = :pk AND begins_with(#sk, :prefix)', names, values };
  }
  if (from !== undefined && to !== undefined) return { text: '#pk = :pk AND #sk BETWEEN :from AND :to', names, values };
  if (from !== undefined) return { text: '#pk = :pk AND #sk >= :from', names, values };
  if (to !== undefined) return { text: '#pk = :pk AND #sk <= :to', names, values };
  return { text: '#pk = :pk', names, values };
}
