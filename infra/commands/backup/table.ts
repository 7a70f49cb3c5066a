import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Attributes } from './item.ts';

/**
 * What is of one moment alone, and means nothing in another stage: sockets, who holds them, and how far the archive of audit rows has come in the stage's own
 * bucket, where it finds that again.
 */
const passing = ['CONNECTION#', 'PRESENCE#', 'AUDITARCHIVE'];

export const isKept = ({ pk }: Attributes): boolean => !passing.some((prefix) => pk?.S?.startsWith(prefix));

/** By which a consumer of the stream knows an item that was imported: nothing follows from it. */
export const importMark = 'imported';

const mostAWrite = 25;

/** The table as backups use it: whole items, in DynamoDB's own words. */
export interface BackupTable {
  /** All items of some segment, a page at a time. Not of one moment: what is written meanwhile may be in it or not. */
  scan(segment: number, segments: number): AsyncIterable<Attributes[]>;
  isEmpty(): Promise<boolean>;
  put(items: readonly Attributes[]): Promise<void>;
  /** Takes the mark off an item that has it. */
  unmark(item: Attributes): Promise<void>;
}

export function createBackupTable(client: DynamoDBClient, TableName: string): BackupTable {
  async function putSome(requests: WriteRequest[]): Promise<void> {
    for (let left = requests, tries = 0; left.length > 0; tries += 1) {
      if (tries > 0) await new Promise((done) => setTimeout(done, Math.min(5_000, 50 * 2 ** tries)));
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: left } }),
      );
      left = UnprocessedItems?.[TableName] ?? [];
    }
  }

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
    async isEmpty() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, Limit: 1, ConsistentRead: true }));
      return Items.length === 0;
    },
    async put(items) {
      for (let at = 0; at < items.length; at += mostAWrite) {
        await putSome(items.slice(at, at + mostAWrite).map((Item) => ({ PutRequest: { Item } })));
      }
    },
    async unmark({ pk, sk }) {
      await client
        .send(
          new UpdateItemCommand({
            TableName,
            Key: { pk, sk } as Attributes,
            UpdateExpression: 'REMOVE #mark',
            ConditionExpression: 'attribute_exists(#mark)',
            ExpressionAttributeNames: { '#mark': importMark },
          }),
        )
        .catch((error: unknown) => {
          // Unmarked by an import that was interrupted, or gone since.
          if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
        });
    },
  };
}
