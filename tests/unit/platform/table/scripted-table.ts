import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createTable, type Item, type Table } from '../../../../functions/platform/table/index.ts';
import { type Script, type Step, script } from '../../../support/scripted-client.ts';

export interface ScriptedTable extends Script {
  table: Table;
  /** Milliseconds waited before each further try. */
  waits: number[];
}

/** A table that answers from a list; its waits take no time and its jitter is at its most. */
export function scriptTable(
  steps: readonly Step[],
  options: { repeat?: boolean; now?: () => number } = {},
): ScriptedTable {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const waits: number[] = [];
  const delay = async (milliseconds: number) => void waits.push(milliseconds);
  const table = createTable({ client, tableName: 'things', random: () => 1, delay, now: options.now ?? (() => 0) });
  return Object.assign(script(client, steps, options), { table, waits });
}

export const conditionFailed = (old?: Item) =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: { httpStatusCode: 400 },
    ...(old && { Item: marshall(old) }),
  });

/** A cancelled transaction: a code for each write, with the item as it was where there is one. */
export const cancelled = (...reasons: (string | [string, Item])[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: reasons.map((reason) =>
      typeof reason === 'string' ? { Code: reason } : { Code: reason[0], Item: marshall(reason[1]) },
    ),
  });
