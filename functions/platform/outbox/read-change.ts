import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBRecord } from 'aws-lambda';
import { type Attributes, toItem } from '../table/attributes.ts';
import type { Item } from '../table/types.ts';
import type { Change } from './effect.ts';

/** As the records of items say that TTL removed it: nobody did it, and nothing follows from it. */
const isExpiry = ({ userIdentity }: DynamoDBRecord & { userIdentity?: { principalId?: string } | null }) =>
  userIdentity?.principalId === 'dynamodb.amazonaws.com';

/**
 * Lambda's types and the SDK's name the same wire format; only binary differs (base64 text here), and no rule reads
 * any.
 */
const imageOf = (image: unknown) => (image === undefined ? undefined : toItem(image as Attributes));

const unmarked = ({ imported: _, ...item }: Item) => item;

/**
 * What an import does, and nobody else: it puts an item with a mark that each of its runs makes anew, and takes the mark off again. What followed from
 * the item has followed where it was exported. Whoever changes one meanwhile leaves the mark as it is, or drops it with another value: that counts.
 */
function isImport(before: Item | undefined, after: Item | undefined): boolean {
  if (after === undefined) return false;
  const [was, is] = [before?.['imported'], after['imported']];
  if (is !== undefined) return is !== was;
  return was !== undefined && before !== undefined && isDeepStrictEqual(unmarked(before), unmarked(after));
}

/** A table that is emptied before a backup comes in: items are marked, and then go. */
const isWipe = (before: Item | undefined, after: Item | undefined): boolean => (after ?? before)?.['wiped'] === true;

/**
 * The change that a record of the stream tells, undefined for one that concerns nobody (an untyped item, an expired
 * one); the source's filter keeps most of those away. Throws for what is no record.
 */
export function readChange(record: DynamoDBRecord): Change | undefined {
  const { eventID: id, eventName: event, dynamodb } = record;
  if (id === undefined || event === undefined || dynamodb === undefined) {
    throw new TypeError('cannot read a change: the record has no id, name or images');
  }
  if (isExpiry(record)) return undefined;
  const before = imageOf(dynamodb.OldImage);
  const after = imageOf(dynamodb.NewImage);
  if (isImport(before, after) || isWipe(before, after)) return undefined;
  const type = (after ?? before)?.['type'];
  if (typeof type !== 'string') return undefined;
  const at = new Date((dynamodb.ApproximateCreationDateTime ?? 0) * 1_000).toISOString();
  return { type, event, ...(before && { before }), ...(after && { after }), id, at };
}
