import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Series } from '../retry/series.ts';

/** What every call of the table has at hand. */
export interface Wire {
  client: DynamoDBClient;
  tableName: string;
  begin: () => Series;
}
