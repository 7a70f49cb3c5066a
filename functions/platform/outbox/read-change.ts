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

/** An item that an import puts, or takes its mark off: what followed from it has followed where it was exported. */
const isImport = (before: Item | undefined, after: Item | undefined) =>
  after?.['imported'] === true || (before?.['imported'] === true && after !== undefined);

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
  if (isImport(before, after)) return undefined;
  const type = (after ?? before)?.['type'];
  if (typeof type !== 'string') return undefined;
  const at = new Date((dynamodb.ApproximateCreationDateTime ?? 0) * 1_000).toISOString();
  return { type, event, ...(before && { before }), ...(after && { after }), id, at };
}
