import { SQSClient } from '@aws-sdk/client-sqs';
import { createFailedRecords, type FailedRecords } from '../../platform/outbox/failed-records.ts';
import { singleTry } from '../../platform/retry/single-try.ts';

/** The queue of records that can not be chained. */
export const createChainFailures = (queueUrl: string): FailedRecords =>
  createFailedRecords({ client: new SQSClient(singleTry), queueUrl });
