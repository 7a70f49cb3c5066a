import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beginSeries, type Pace } from '../retry/series.ts';
import { getItem, getMany } from './get.ts';
import { writePlain } from './plain-write.ts';
import { countRows, queryAll, queryPage } from './query.ts';
import { transact } from './transaction.ts';
import type { Table } from './types.ts';

export interface TableOptions extends Partial<Pace> {
  /** With the SDK's own retries off, so that each trip is seen, metered and bound: `createTableClient` makes it. */
  client: DynamoDBClient;
  tableName: string;
}

/** The single table, each call with its own tries and its cost metered. `random`, `delay` and `now` are for tests. */
export function createTable({ client, tableName, ...pace }: TableOptions): Table {
  const wire = { client, tableName, begin: () => beginSeries(pace) };
  return {
    get: (key, options) => getItem(wire, key, options),
    getMany: (keys, options) => getMany(wire, keys, options),
    query: (query) => queryPage(wire, query),
    queryAll: (query, cap) => queryAll(wire, query, cap),
    count: (query) => countRows(wire, query),
    write: (write, returning) => writePlain(wire, write, returning),
    transact: (writes, token) => transact(wire, writes, token),
  };
}
