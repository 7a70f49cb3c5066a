import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { meter } from '../../platform/meter.ts';
import { beginSeries, type Pace } from '../../platform/retry/series.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import type { DelayedMails } from '../ports.ts';

/** SQS's own. */
const longestDelay = 900;

export interface DelayedMailsOptions extends Partial<Pace> {
  client?: SQSClient;
  queueUrl: string;
}

/** A new message in its place, so that waiting uses no tries up. */
export const createDelayedMails = ({
  client = new SQSClient(singleTry),
  queueUrl,
  ...pace
}: DelayedMailsOptions): DelayedMails => ({
  async delay(body, seconds) {
    const DelaySeconds = Math.max(1, Math.min(longestDelay, seconds));
    await beginSeries(pace).send((options) => {
      meter().add('sqs');
      return client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds }), options);
    });
  },
});
