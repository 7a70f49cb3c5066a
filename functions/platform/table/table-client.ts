import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { singleTry } from '../retry/single-try.ts';

/** A client as the table wants it: the table retries by itself, as conflicts of transactions need. */
export const createTableClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ ...singleTry, ...config });
