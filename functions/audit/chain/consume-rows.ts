import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { isUnavailable } from '../../../contracts/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { FailedRecords } from '../../platform/outbox/failed-records.ts';
import { readChange } from '../../platform/outbox/read-change.ts';
import { partitionOf, positionOf, readAuditRow } from '../domain/audit-row.ts';
import type { AuditIndexStore, ChainStore } from '../ports.ts';
import { rowKey } from '../store/keys.ts';
import { chainRows } from './chain-rows.ts';

export interface ConsumerOptions {
  chain: ChainStore;
  index: AuditIndexStore;
  failedRecords: FailedRecords;
  log: Pick<Log, 'error'>;
}

/** The row that a record tells of; undefined for a record of anything else. Throws for a row that is none, or lies where it should not. */
function readRow(record: DynamoDBRecord): AuditLog | undefined {
  const change = readChange(record);
  if (change?.type !== 'audit' || change.event !== 'INSERT' || change.after === undefined) return undefined;
  const row = readAuditRow(change.after);
  if (row === undefined) throw new TypeError('cannot chain an audit row: it lacks fields');
  const { pk, sk } = rowKey(partitionOf(row), positionOf(row));
  if (change.after.pk !== pk || change.after.sk !== sk)
    throw new TypeError('cannot chain an audit row: its key is not its own');
  return row;
}

/**
 * The handler of the table's stream for audit rows. A record that can't be chained goes to the queue of failures, raw, and hinders no other; while the
 * table is down the stream waits, for at most the 24 hours that it keeps its records. Whatever comes twice is done once.
 */
export function createRowConsumer({ failedRecords, log, ...stores }: ConsumerOptions) {
  return async ({ Records: records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const failures = new Map<DynamoDBRecord, unknown>();
    const recordOf = new Map<AuditLog, DynamoDBRecord>();
    for (const record of records) {
      try {
        const row = readRow(record);
        if (row !== undefined) recordOf.set(row, record);
      } catch (error) {
        failures.set(record, error);
      }
    }
    for (const [row, error] of await chainRows(stores, [...recordOf.keys()])) {
      failures.set(recordOf.get(row) as DynamoDBRecord, error);
    }
    for (const [{ eventID }, error] of failures) log.error('cannot chain a row', { change: eventID, error });
    // The table recovers by itself, so the stream may wait for it; nothing else could be chained meanwhile either.
    const hopeless = [...failures].flatMap(([record, error]) => (isUnavailable(error) ? [] : [record]));
    const unkept = await failedRecords.keep(hopeless);
    const waiting = records.filter((record) => {
      const at = hopeless.indexOf(record);
      return at === -1 ? failures.has(record) : unkept[at] !== undefined;
    });
    return { batchItemFailures: waiting.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? '' })) };
  };
}
