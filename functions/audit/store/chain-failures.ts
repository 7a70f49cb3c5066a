import { SQSClient } from '@aws-sdk/client-sqs';
import { singleAttempt } from '../../platform/aws-clients.ts';
import { createFailedRecords, type FailedRecords } from '../../platform/outbox/failed-records.ts';

/** The queue of records that can not be chained. */
export const createChainFailures = (queueUrl: string): FailedRecords =>
  createFailedRecords({ client: new SQSClient(singleAttempt), queueUrl });
