import { toAttributes } from './attributes.ts';
import { expressionAttributes } from './expression.ts';
import type { Fragment, Key, Write } from './types.ts';

/** A caller may hand a whole item where a key is wanted; DynamoDB refuses anything but the key. */
const keyAttributes = ({ pk, sk }: Key) => toAttributes({ pk, sk });

function guard(condition: Fragment | undefined) {
  return condition && { ConditionExpression: condition.text, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
}

export const putInput = (tableName: string, write: Write & { put: object }) => ({
  TableName: tableName,
  Item: toAttributes(write.put),
  ...guard(write.condition),
  ...expressionAttributes([write.condition]),
});

export const updateInput = (tableName: string, write: Write & { update: Key; change: Fragment }) => ({
  TableName: tableName,
  Key: keyAttributes(write.update),
  UpdateExpression: write.change.text,
  ...guard(write.condition),
  ...expressionAttributes([write.change, write.condition]),
});

export const deleteInput = (tableName: string, write: Write & { delete: Key }) => ({
  TableName: tableName,
  Key: keyAttributes(write.delete),
  ...guard(write.condition),
  ...expressionAttributes([write.condition]),
});

export const checkInput = (tableName: string, write: Write & { check: Key; condition: Fragment }) => ({
  TableName: tableName,
  Key: keyAttributes(write.check),
  ConditionExpression: write.condition.text,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  ...expressionAttributes([write.condition]),
});
