import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { createRowConsumer } from '../../../functions/audit/chain/consume-rows.ts';
import { partitionOf } from '../../../functions/audit/domain/audit-row.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { beginning, rowItem, sampleRow } from './sample-rows.ts';
import { storesOf } from './verify-all.ts';

/** As the stream delivers a new item. */
const recordOf = (item: object, nth: number, eventName: 'INSERT' | 'MODIFY' = 'INSERT'): DynamoDBRecord => ({
  eventID: `event-${nth}`,
  eventName,
  dynamodb: {
    NewImage: marshall(item, { removeUndefinedValues: true }) as never,
    SequenceNumber: String(nth),
    ApproximateCreationDateTime: 1,
  },
});

function consumerOf(table: MemoryTable, refuses: (record: DynamoDBRecord) => boolean = () => false) {
  const kept: DynamoDBRecord[] = [];
  const logged: Record<string, unknown>[] = [];
  const consume = createRowConsumer({
    ...storesOf(table),
    failedRecords: {
      keep: async (records) =>
        records.map((record) => {
          if (refuses(record)) return new Error('the queue takes nothing');
          kept.push(record);
          return undefined;
        }),
    },
    log: { error: (_message, details) => void logged.push(details) },
  });
  return { consume, kept, logged };
}

const fresh = () => sampleRow({ at: beginning + Math.floor(Math.random() * 1_000_000) });
const chained = async (table: MemoryTable, row = sampleRow()) =>
  (await storesOf(table).chain.heads([partitionOf(row)]))[0]?.rows ?? 0;

describe('the consumer of audit rows', () => {
  it('chains new rows and passes over everything else', async () => {
    const table = createMemoryTable();
    const { consume, kept } = consumerOf(table);
    const records = [
      recordOf(rowItem(fresh()), 1),
      recordOf({ pk: 'WS#1', sk: 'WS', type: 'workspace' }, 2),
      recordOf(rowItem(fresh()), 3, 'MODIFY'),
    ];
    expect(await consume({ Records: records })).toEqual({ batchItemFailures: [] });
    expect([await chained(table), kept]).toEqual([1, []]);
  });

  it('keeps what is no row, or lies where it should not, whole, and chains the others', async () => {
    const table = createMemoryTable();
    const { consume, kept, logged } = consumerOf(table);
    const elsewhere = { ...rowItem(fresh()), pk: 'AUDIT#another#2026-01' };
    const { request_id: _, ...incomplete } = rowItem(fresh()) as Record<string, unknown>;
    const records = [
      recordOf(elsewhere, 1),
      recordOf(rowItem(fresh()), 2),
      recordOf(incomplete, 3),
      { eventName: 'INSERT' } as DynamoDBRecord,
    ];
    expect(await consume({ Records: records })).toEqual({ batchItemFailures: [] });
    expect(kept).toEqual([records[0], records[2], records[3]]);
    expect([await chained(table), logged.length]).toEqual([1, 3]);
  });

  it('lets the stream wait for a table that is down, and keeps nothing', async () => {
    const table = createMemoryTable();
    const down = async () => {
      throw unavailable(2);
    };
    const { consume, kept } = consumerOf({ ...table, transact: down });
    const records = [recordOf(rowItem(fresh()), 7), recordOf(rowItem(fresh()), 8)];
    expect(await consume({ Records: records })).toEqual({
      batchItemFailures: [{ itemIdentifier: '7' }, { itemIdentifier: '8' }],
    });
    expect(kept).toEqual([]);
    // Delivered again, each row is chained and indexed once.
    const again = consumerOf(table);
    for (let times = 0; times < 2; times += 1)
      expect(await again.consume({ Records: records })).toEqual({ batchItemFailures: [] });
    expect(await chained(table)).toBe(2);
  });

  it('chains nothing that it could not index: once chained, a row counts as done', async () => {
    const table = createMemoryTable();
    const { consume } = consumerOf({
      ...table,
      write: async () => {
        throw unavailable(2);
      },
    });
    const { batchItemFailures } = await consume({ Records: [recordOf(rowItem(fresh()), 1)] });
    expect([batchItemFailures.length, await chained(table)]).toEqual([1, 0]);
  });

  it('lets the stream wait for a record that the queue does not take either', async () => {
    const { consume } = consumerOf(createMemoryTable(), () => true);
    const records = [recordOf({ pk: 'AUDIT#a#b', sk: 'c', type: 'audit' }, 5), recordOf(rowItem(fresh()), 6)];
    expect(await consume({ Records: records })).toEqual({ batchItemFailures: [{ itemIdentifier: '5' }] });
  });
});
