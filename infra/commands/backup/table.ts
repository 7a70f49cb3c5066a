import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Attributes } from './item.ts';

/** What an expression says: `#name` stands for the attribute of that name, unless `names` has it, and `:name` for that of `values`. */
export interface Words {
  text: string;
  values?: Attributes;
  names?: Readonly<Record<string, string>>;
}

export interface Update {
  key: Attributes;
  change: Words;
  condition?: Words;
}

const mostAWrite = 25;
const mostARead = 100;

const keyOf = ({ pk, sk }: Attributes) => ({ pk, sk }) as Attributes;

/** Every `#name` of the expressions, and all their values. */
function expressionOf(...words: (Words | undefined)[]) {
  const given = words.filter((one) => one !== undefined);
  const used = given.flatMap(({ text }) => text.match(/#\w+/g) ?? []);
  const special = Object.assign({}, ...given.map(({ names }) => names)) as Record<string, string>;
  const values = Object.assign({}, ...given.map((one) => one.values)) as Attributes;
  return {
    ...(used.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(used.map((name) => [name, special[name.slice(1)] ?? name.slice(1)])),
    }),
    ...(Object.keys(values).length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
    }),
  };
}

/** A condition did not hold: of the one write, or of some of a transaction. */
const isRefusal = (error: unknown): boolean => {
  const { name, CancellationReasons = [] } = error as Error & { CancellationReasons?: { Code?: string }[] };
  const refusal = 'ConditionalCheckFailed';
  return name === `${refusal}Exception` || CancellationReasons.some(({ Code }) => Code === refusal);
};

const passes = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
};

export const isAbsent: Words = { text: 'attribute_not_exists(#pk)' };

/** The table as backups use it: whole items, in DynamoDB's own words. */
export interface BackupTable {
  /** All items of some segment, a page at a time. Not of one moment: what is written meanwhile may be in it or not. */
  scan(segment: number, segments: number): AsyncIterable<Attributes[]>;
  /** Those of these keys that are there, in any order. */
  get(keys: readonly Attributes[]): Promise<Attributes[]>;
  put(items: readonly Attributes[]): Promise<void>;
  remove(keys: readonly Attributes[]): Promise<void>;
  /** False where the condition does not hold. */
  putIf(item: Attributes, condition: Words): Promise<boolean>;
  /** The same of an update. */
  updateIf(update: Update): Promise<boolean>;
  /** All or none; false where a condition does not hold. */
  updateAll(updates: readonly Update[]): Promise<boolean>;
  /** Whether the table can be brought back to any second of the last days. */
  isRestorable(): Promise<boolean>;
}

export function createBackupTable(client: DynamoDBClient, TableName: string): BackupTable {
  const pause = (tries: number) => new Promise((done) => setTimeout(done, Math.min(5_000, 50 * 2 ** tries)));

  async function writeSome(requests: WriteRequest[]): Promise<void> {
    for (let left = requests, tries = 0; left.length > 0; tries += 1) {
      if (tries > 0) await pause(tries);
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: left } }),
      );
      left = UnprocessedItems?.[TableName] ?? [];
    }
  }

  async function writeAll(requests: WriteRequest[]): Promise<void> {
    for (let at = 0; at < requests.length; at += mostAWrite) await writeSome(requests.slice(at, at + mostAWrite));
  }

  async function getSome(keys: Attributes[]): Promise<Attributes[]> {
    const found: Attributes[] = [];
    for (let left = keys, tries = 0; left.length > 0; tries += 1) {
      if (tries > 0) await pause(tries);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: left, ConsistentRead: true } } }),
      );
      found.push(...(Responses?.[TableName] ?? []));
      left = UnprocessedKeys?.[TableName]?.Keys ?? [];
    }
    return found;
  }

  const updateOf = ({ key, change, condition }: Update) => ({
    TableName,
    Key: keyOf(key),
    UpdateExpression: change.text,
    ...(condition && { ConditionExpression: condition.text }),
    ...expressionOf(change, condition),
  });

  return {
    async *scan(Segment, TotalSegments) {
      let ExclusiveStartKey: Attributes | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName,
            Segment,
            TotalSegments,
            ConsistentRead: true,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        );
        yield Items;
        ExclusiveStartKey = LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
    },
    async get(keys) {
      const found: Attributes[] = [];
      for (let at = 0; at < keys.length; at += mostARead)
        found.push(...(await getSome(keys.slice(at, at + mostARead).map(keyOf))));
      return found;
    },
    put: (items) => writeAll(items.map((Item) => ({ PutRequest: { Item } }))),
    remove: (keys) => writeAll(keys.map((key) => ({ DeleteRequest: { Key: keyOf(key) } }))),
    putIf: (Item, condition) =>
      passes(
        client.send(
          new PutItemCommand({ TableName, Item, ConditionExpression: condition.text, ...expressionOf(condition) }),
        ),
      ),
    updateIf: (update) => passes(client.send(new UpdateItemCommand(updateOf(update)))),
    updateAll: (updates) =>
      passes(
        client.send(
          new TransactWriteItemsCommand({
            TransactItems: updates.map((update): TransactWriteItem => ({ Update: updateOf(update) })),
          }),
        ),
      ),
    async isRestorable() {
      const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
    },
  };
}
