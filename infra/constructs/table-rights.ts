import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PlatformFunction } from './platform-function.ts';

/** A transaction needs the right of each of its parts and no other. */
const actions = {
  read: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
  put: ['dynamodb:PutItem'],
  update: ['dynamodb:UpdateItem'],
  delete: ['dynamodb:DeleteItem'],
  check: ['dynamodb:ConditionCheckItem'],
} as const;
export type TableRight = keyof typeof actions;

const leading = (...keys: string[]) => ({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': keys } });

/**
 * Rights to the platform's table. Whatever else a function may do, audit rows are only ever added, and only the chain's own function writes the
 * chain and its index: that holds even if a function is taken over.
 */
export function allowTable(
  fn: PlatformFunction,
  table: Table,
  rights: readonly TableRight[],
  owns?: 'audit chain',
): void {
  fn.lambda.addEnvironment('TABLE_NAME', table.tableName);
  fn.allow(
    rights.flatMap((right) => [...actions[right]]),
    [table.tableArn],
  );
  if (rights.includes('read')) fn.allow(['dynamodb:Query'], [`${table.tableArn}/index/gsi1`]);
  denyAudit(fn, table, owns);
}

/** What a function that writes to the table must never do. */
export function denyAudit(fn: PlatformFunction, table: Table, owns?: 'audit chain'): void {
  fn.deny(['dynamodb:UpdateItem', 'dynamodb:DeleteItem'], [table.tableArn], leading('AUDIT#*'));
  if (owns === undefined)
    fn.deny(
      ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      [table.tableArn],
      leading('AUDITCHAIN#*', 'AUDITINDEX#*', 'AUDITARCHIVE'),
    );
}

type ItemAction =
  `dynamodb:${'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem'}`;

/**
 * Single actions on the items of some partitions, for a function that needs no more. `attributes`: it may name no others in a request.
 */
export function allowItems(
  fn: PlatformFunction,
  table: Table,
  actions: ItemAction | ItemAction[],
  { partitions, attributes }: { partitions: string[]; attributes?: string[] },
): void {
  fn.lambda.addEnvironment('TABLE_NAME', table.tableName);
  fn.allow([actions].flat(), [table.tableArn], {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    ...(attributes && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes } }),
  });
}

/** Reading the table's stream, as an event source mapping does on the function's behalf. */
export function allowStream(fn: PlatformFunction, table: Table): void {
  fn.allow(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    [String(table.tableStreamArn)],
  );
  fn.allowAny(['dynamodb:ListStreams'], '*', 'ListStreams takes no narrower resource');
}
