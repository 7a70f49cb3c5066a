import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inParallel } from '../in-parallel.ts';
import { meter } from '../meter.ts';
import { beginSeries } from '../retry/series.ts';
import { singleTry } from '../retry/single-try.ts';
import type { QueueOptions } from './send-message.ts';

/** SQS's limit of messages in one request, which is what it bills. */
const mostEntries = 10;
const atOnce = 5;

/**
 * Sends each body as a message of its own, to come after so many seconds (at most 900). Throws when some could not be sent; the others have been.
 */
export const createWorkQueue =
  ({ client = new SQSClient(singleTry), queueUrl: QueueUrl, ...pace }: QueueOptions) =>
  async (bodies: readonly object[], delaySeconds = 0): Promise<void> => {
    const batches = Array.from({ length: Math.ceil(bodies.length / mostEntries) }, (_, nth) =>
      bodies.slice(nth * mostEntries, (nth + 1) * mostEntries),
    );
    let cause: unknown;
    const unsent = await inParallel(atOnce, batches, async (batch) => {
      const Entries = batch.map((body, at) => ({
        Id: String(at),
        MessageBody: JSON.stringify(body),
        ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
      }));
      try {
        const { Failed = [] } = await beginSeries(pace).send((options) => {
          meter().add('sqs');
          return client.send(new SendMessageBatchCommand({ QueueUrl, Entries }), options);
        });
        cause ??= Failed[0];
        return Failed.length;
      } catch (error) {
        cause ??= error;
        return batch.length;
      }
    });
    const lost = unsent.reduce((sum, count) => sum + count, 0);
    if (lost > 0) throw new Error(`cannot send ${lost} of ${bodies.length} messages`, { cause });
  };
