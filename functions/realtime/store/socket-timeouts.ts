import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { authenticateWithinSeconds } from '../../../contracts/realtime/client-messages.ts';
import { meter } from '../../platform/meter.ts';
import { beginSeries, type Pace } from '../../platform/retry/series.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import type { SocketTimeouts } from '../ports.ts';

const timeoutMessage = z.object({ connection_id: z.string() });

/** The connection that a message of the queue is about. */
export const readTimeout = (body: string): string => timeoutMessage.parse(JSON.parse(body)).connection_id;

export interface SocketTimeoutsOptions extends Partial<Pace> {
  client?: SQSClient;
  queueUrl: string;
}

/** The WebSocket API has no timer of its own: a delayed message is one. */
export const createSocketTimeouts = ({
  client = new SQSClient(singleTry),
  queueUrl,
  ...pace
}: SocketTimeoutsOptions): SocketTimeouts => ({
  async schedule(connectionId) {
    const MessageBody = JSON.stringify({ connection_id: connectionId } satisfies z.input<typeof timeoutMessage>);
    await beginSeries(pace).send((options) => {
      meter().add('sqs');
      return client.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds: authenticateWithinSeconds }),
        options,
      );
    });
  },
});
