import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * A client as the table wants it. One attempt: the table retries, which conflicts of transactions need and which counts each
 * trip. A request times out by the table's bound; `connectionTimeout` is shorter, for it proves that nothing was
 * sent. Without `throwOnRequestTimeout` the SDK only warns.
 */
export const createTableClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, socketTimeout: 1500, throwOnRequestTimeout: true },
    ...config,
  });
