import type { SQSEvent } from 'aws-lambda';
import { ApiError } from '../../contracts/errors.ts';
import { type BatchAnswer, eachMessage } from '../platform/queues/batch-answer.ts';
import { readTimeout } from './store/socket-timeouts.ts';
import { answerMessage } from './use-cases/answer-message.ts';
import { closeConnection, closeUnidentified } from './use-cases/close-connection.ts';
import { type Headers, openConnection } from './use-cases/open-connection.ts';
import type { SocketDependencies } from './use-cases/socket-dependencies.ts';

/** What API Gateway sends of a connection. Headers come with $connect alone. */
export interface SocketEvent {
  requestContext: { routeKey: string; connectionId: string };
  headers?: Headers;
  body?: string | null;
  isBase64Encoded?: boolean;
}

export interface SocketAnswer {
  statusCode: number;
}

/**
 * The handler of the WebSocket API and of the queue of its timeouts. Answers have no body: what a client is told is
 * posted to it.
 */
export function createSocketHandler(dependencies: SocketDependencies) {
  const { log } = dependencies;

  async function handle(event: SocketEvent): Promise<void> {
    const { routeKey, connectionId } = event.requestContext;
    if (routeKey === '$connect') return openConnection(connectionId, event.headers ?? {}, dependencies);
    if (routeKey === '$disconnect') return closeConnection(connectionId, dependencies);
    return answerMessage(connectionId, event.isBase64Encoded === true ? undefined : (event.body ?? ''), dependencies);
  }

  async function handleSocket(event: SocketEvent): Promise<SocketAnswer> {
    try {
      await handle(event);
      return { statusCode: 200 };
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 500;
      if (status >= 500) log.error('cannot handle a connection', { ...event.requestContext, error });
      return { statusCode: status };
    }
  }

  const handleTimeouts = ({ Records: messages }: SQSEvent): Promise<BatchAnswer> =>
    eachMessage(messages, {
      work: async ({ body }) => closeUnidentified(readTimeout(body), dependencies),
      log,
      failure: 'cannot close an unidentified connection',
      atOnce: 1,
    });

  return (event: SocketEvent | SQSEvent): Promise<SocketAnswer | BatchAnswer> =>
    'Records' in event ? handleTimeouts(event) : handleSocket(event);
}
