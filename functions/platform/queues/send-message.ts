import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';
import { singleTry } from '../retry/single-try.ts';

export interface QueueOptions extends Partial<Pace> {
  client?: SQSClient;
  queueUrl: string;
}

/** Sends one body as it is, to come after so many seconds (at most 900). */
export const createSender =
  ({ client = new SQSClient(singleTry), queueUrl: QueueUrl, ...pace }: QueueOptions) =>
  async (MessageBody: string, DelaySeconds: number): Promise<void> => {
    await beginSeries(pace).send((options) => {
      meter().add('sqs');
      return client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }), options);
    });
  };
