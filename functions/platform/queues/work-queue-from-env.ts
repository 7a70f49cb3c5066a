import { SQSClient } from '@aws-sdk/client-sqs';
import { singleTry } from '../retry/single-try.ts';
import { createWorkQueue } from './work-queue.ts';

/** Sends to a queue, made once a process. */
export const workQueueFromEnv = (queueUrl: string) => createWorkQueue({ client: new SQSClient(singleTry), queueUrl });
