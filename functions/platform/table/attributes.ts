import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './types.ts';

/** An item, or part of one, as DynamoDB has it on the wire. */
export type Attributes = Record<string, AttributeValue>;

/** Drops `undefined`; keeps Uint8Array as binary and Set as a set (an empty one is refused: DynamoDB has none). */
export const toAttributes = (value: object): Attributes => marshall(value, { removeUndefinedValues: true });

/** Numbers must be safe integers or doubles: a larger one throws instead of losing digits. */
export const toItem = (attributes: Attributes): Item => unmarshall(attributes) as Item;

export const toItemIfAny = (attributes: Attributes | undefined) => (attributes ? toItem(attributes) : undefined);
