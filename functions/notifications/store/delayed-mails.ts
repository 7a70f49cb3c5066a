import { createSender, type QueueOptions } from '../../platform/queues/send-message.ts';
import type { DelayedMails } from '../ports.ts';

/** SQS's own. */
const longestDelay = 900;

/** A new message in its place, so that waiting uses no tries up. */
export function createDelayedMails(queue: QueueOptions): DelayedMails {
  const send = createSender(queue);
  return { delay: (body, seconds) => send(body, Math.max(1, Math.min(longestDelay, seconds))) };
}
