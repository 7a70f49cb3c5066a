import * as z from 'zod';
import { authenticateWithinSeconds } from '../../../contracts/realtime/client-messages.ts';
import { createSender, type QueueOptions } from '../../platform/queues/send-message.ts';
import type { SocketTimeouts } from '../ports.ts';

const timeoutMessage = z.object({ connection_id: z.string() });

/** The connection that a message of the queue is about. */
export const readTimeout = (body: string): string => timeoutMessage.parse(JSON.parse(body)).connection_id;

/** The WebSocket API has no timer of its own: a delayed message is one. */
export function createSocketTimeouts(queue: QueueOptions): SocketTimeouts {
  const send = createSender(queue);
  return {
    schedule: (connectionId) => {
      const message: z.input<typeof timeoutMessage> = { connection_id: connectionId };
      return send(JSON.stringify(message), authenticateWithinSeconds);
    },
  };
}
