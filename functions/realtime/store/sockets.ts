import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { meter } from '../../platform/meter.ts';
import { type Failure, judge } from '../../platform/retry/failure.ts';
import { beginSeries, type Pace } from '../../platform/retry/series.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import type { Sockets } from '../ports.ts';

/** 429: too many requests a second, or a client that does not read what is sent to it. */
const judgeSend = (error: unknown): Failure =>
  error instanceof Error && error.name === 'LimitExceededException' ? 'refused' : judge(error);

/** The service does not know the connection any more; a malformed id is one that never was. */
const isGone = (error: unknown) =>
  error instanceof GoneException || (error instanceof Error && error.name === 'BadRequestException' && /connectionId/i.test(error.message));

export interface SocketsOptions extends Partial<Pace> {
  /** Of the API's management: `https://<api>.execute-api.<region>.amazonaws.com/ws`. */
  endpoint: string;
}

export function createSockets({ endpoint, ...pace }: SocketsOptions): Sockets {
  const client = new ApiGatewayManagementApiClient({ ...singleTry, endpoint });
  const send = (attempt: Parameters<ReturnType<typeof beginSeries>['send']>[0]) =>
    beginSeries(pace)
      .send((options) => {
        meter().add('sockets');
        return attempt(options);
      }, judgeSend)
      .then(
        () => true,
        (error: unknown) => {
          if (isGone(error)) return false;
          throw error;
        },
      );
  return {
    post: (ConnectionId, message) =>
      send((options) => client.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }), options)),
    async close(ConnectionId) {
      await send((options) => client.send(new DeleteConnectionCommand({ ConnectionId }), options));
    },
  };
}
