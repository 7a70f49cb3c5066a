import type { Redrive } from './dead-letters.ts';

export interface Message {
  id: string;
  body: string;
}

/** What a redrive needs of the world. Queues and functions go by their names after `skyclust-<stage>-`. */
export interface RedrivePorts {
  /** Messages that wait in a queue. */
  depth(queue: string): Promise<number>;
  /** Up to 10 messages, hidden from others while they are worked on; none if there are none now. */
  receive(queue: string): Promise<Message[]>;
  remove(queue: string, message: Message): Promise<void>;
  send(queue: string, body: string): Promise<void>;
  /** What the function answers; an error where it throws. */
  invoke(name: string, event: unknown): Promise<unknown>;
}

export interface RedriveResult {
  moved: number;
  /** They are back in their queue when their visibility timeout ends. */
  failed: { id: string; reason: string }[];
}

async function handBack(redrive: Redrive, body: string, ports: RedrivePorts): Promise<void> {
  if (redrive.to === 'queue') return ports.send(redrive.queue, body);
  const parsed: unknown = JSON.parse(body);
  const answer = await ports.invoke(redrive.name, redrive.as === 'event' ? parsed : { Records: [parsed] });
  const failures = (answer as { batchItemFailures?: unknown[] } | null)?.batchItemFailures ?? [];
  if (failures.length > 0) throw new Error('the function reports it as failed');
}

/**
 * Hands back what waits in a dead-letter queue, each message once: as many as wait at the start, so that one that comes back at once is not
 * redriven for ever. A message is removed once it is handed back: after a crash between the two it is handed back again, and consumers are
 * idempotent.
 */
export async function redriveQueue(queue: string, redrive: Redrive, ports: RedrivePorts): Promise<RedriveResult> {
  const result: RedriveResult = { moved: 0, failed: [] };
  let left = await ports.depth(queue);
  while (left > 0) {
    const messages = await ports.receive(queue);
    if (messages.length === 0) break;
    for (const message of messages.slice(0, left)) {
      try {
        await handBack(redrive, message.body, ports);
        await ports.remove(queue, message);
        result.moved += 1;
      } catch (error) {
        result.failed.push({ id: message.id, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    left -= messages.length;
  }
  return result;
}
