import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
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

/** Which part of the audit trail a function adds to: rows of the calls that it answers, or the chain with its index. */
export type TrailPart = 'rows' | 'chain';

/**
 * Rights to the platform's table, in any partition but those of the audit trail. Even a function that is taken over changes and deletes no audit row, and
 * writes neither the chain nor its index. One that adds rows could put another row in the place of one, since DynamoDB knows no right to add alone: that is
 * not prevented, but found, by the row's hash in the chain.
 */
export function allowTable(fn: PlatformFunction, table: ITable, rights: readonly TableRight[], adds?: 'rows'): void {
  fn.lambda.addEnvironment('TABLE_NAME', table.tableName);
  fn.allow(
    rights.flatMap((right) => [...actions[right]]),
    [table.tableArn],
  );
  if (rights.includes('read')) fn.allow(['dynamodb:Query'], [`${table.tableArn}/index/gsi1`]);
  denyAudit(fn, table, adds);
}

/** What a function that writes to the table must never do to the audit trail, whatever it is allowed. */
export function denyAudit(fn: PlatformFunction, table: ITable, adds?: TrailPart): void {
  const changes = ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
  const writes = ['dynamodb:PutItem', ...changes];
  fn.deny(adds === 'rows' ? changes : writes, [table.tableArn], leading('AUDIT#*'));
  fn.deny(
    adds === 'chain' ? changes : writes,
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
  table: ITable,
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
export function allowStream(fn: PlatformFunction, streamArn: string): void {
  fn.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [streamArn]);
  fn.allowAny(['dynamodb:ListStreams'], '*', 'ListStreams takes no narrower resource');
}
