import type { SQSRecord } from 'aws-lambda';
import { inParallel } from '../in-parallel.ts';
import type { Log } from '../log.ts';

/** What Lambda reads of a batch: these alone come again. */
export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

export const failuresOf = (ids: readonly string[]): BatchAnswer => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

export interface MessageWork {
  work: (message: SQSRecord) => Promise<void>;
  log: Pick<Log, 'error'>;
  /** What is logged of one whose work failed. */
  failure: string;
  /** All, unless told. */
  atOnce?: number;
}

/** Does the work of every message, each for itself: one that fails hinders no other. */
export async function eachMessage(
  messages: readonly SQSRecord[],
  { work, log, failure, atOnce = messages.length }: MessageWork,
): Promise<BatchAnswer> {
  const failed = await inParallel(atOnce, messages, async (message) => {
    try {
      await work(message);
      return [];
    } catch (error) {
      log.error(failure, { message_id: message.messageId, error });
      return [message.messageId];
    }
  });
  return failuresOf(failed.flat());
}
