import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from '../../../functions/platform/outbox/effect.ts';
import { readChange } from '../../../functions/platform/outbox/read-change.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { exportTable } from '../../../infra/commands/backup/export-table.ts';
import { type Attributes, writeItem } from '../../../infra/commands/backup/item.ts';
import { type BackupTable, createBackupTable } from '../../../infra/commands/backup/table.ts';
import type { Backend } from '../../support/in-process-backend.ts';

export interface BackupWorld {
  /** A table and, beside it, as backups use it. */
  makeTable(): Promise<{ table: Table; tableName: string; backup: BackupTable }>;
  backupOf(tableName: string): BackupTable;
  /** The path of a backup that holds what this table does. */
  exported(table: BackupTable): Promise<string>;
}

const folder = mkdtempSync(join(tmpdir(), 'backup-'));
let files = 0;

export function createBackupWorld(backend: Backend): BackupWorld {
  const client = new DynamoDBClient(backend.client);
  const backupOf = (tableName: string) => createBackupTable(client, tableName);
  return {
    backupOf,
    async makeTable() {
      const made = await backend.makeTable();
      return { ...made, backup: backupOf(made.tableName) };
    },
    async exported(table) {
      files += 1;
      const file = join(folder, `${files}.ndjson.gz`);
      await exportTable(table, file, {
        format: 'skyclust-backup-1',
        table: 'any',
        exported_at: '2026-01-31T09:30:00.000Z',
      });
      return file;
    },
  };
}

const nameOf = ({ pk, sk }: Attributes) => `${pk?.S} ${sk?.S}`;

/** The table, and the records that its stream delivers of what is done through it: a write that changes nothing is none. */
export function withStream(table: BackupTable): { table: BackupTable; records: DynamoDBRecord[] } {
  const records: DynamoDBRecord[] = [];
  async function watch<Result>(keys: readonly Attributes[], work: () => Promise<Result>): Promise<Result> {
    const look = async () => new Map((await table.get(keys)).map((item) => [nameOf(item), item]));
    const before = await look();
    const result = await work();
    const after = await look();
    for (const key of keys) {
      const [was, is] = [before.get(nameOf(key)), after.get(nameOf(key))];
      if ((was && writeItem(was)) === (is && writeItem(is))) continue;
      const images = { ...(was && { OldImage: was as never }), ...(is && { NewImage: is as never }) };
      records.push({
        eventID: `event-${records.length}`,
        eventName: was === undefined ? 'INSERT' : is === undefined ? 'REMOVE' : 'MODIFY',
        dynamodb: { SequenceNumber: String(records.length), ApproximateCreationDateTime: 1, ...images },
      });
    }
    return result;
  }
  const watched: BackupTable = {
    ...table,
    put: (items) => watch(items, () => table.put(items)),
    remove: (keys) => watch(keys, () => table.remove(keys)),
    putIf: (item, condition) => watch([item], () => table.putIf(item, condition)),
    updateIf: (update) => watch([update.key], () => table.updateIf(update)),
    updateAll: (updates) =>
      watch(
        updates.map(({ key }) => key),
        () => table.updateAll(updates),
      ),
  };
  return { table: watched, records };
}

/** What the stream's consumers take of it. */
export const changesIn = (records: readonly DynamoDBRecord[]): Change[] =>
  records.map(readChange).filter((change) => change !== undefined);

export async function itemsIn(table: BackupTable): Promise<Map<string, Attributes>> {
  const items = new Map<string, Attributes>();
  for await (const page of table.scan(0, 1)) for (const item of page) items.set(nameOf(item), item);
  return items;
}
