import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { inParallel } from '../../platform/in-parallel.ts';
import { meter } from '../../platform/meter.ts';
import { type Failure, judge } from '../../platform/retry/failure.ts';
import { beginSeries, type Pace, type TryOptions } from '../../platform/retry/series.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import type { Seat } from '../domain/audience.ts';
import type { Sockets } from '../ports.ts';

/** Sockets written to at once. */
const atOnce = 25;

/** 429: too many requests a second, or a client that does not read what is sent to it. */
const judgeSend = (error: unknown): Failure =>
  error instanceof Error && error.name === 'LimitExceededException' ? 'refused' : judge(error);

/** The service does not know the connection any more; a malformed id is one that never was. */
const isGone = (error: unknown) =>
  error instanceof GoneException ||
  (error instanceof Error && error.name === 'BadRequestException' && /connectionId/i.test(error.message));

export interface SocketsOptions extends Partial<Pace> {
  /** Of the API's management: `https://<api>.execute-api.<region>.amazonaws.com/ws`. */
  endpoint: string;
  client?: ApiGatewayManagementApiClient;
}

const createClient = (endpoint: string) => new ApiGatewayManagementApiClient({ ...singleTry, endpoint });

export function createSockets({ endpoint, client = createClient(endpoint), ...pace }: SocketsOptions): Sockets {
  /** False when the connection is gone. */
  async function send(attempt: (options: TryOptions) => Promise<unknown>): Promise<boolean> {
    try {
      await beginSeries(pace).send((options) => {
        meter().add('sockets');
        return attempt(options);
      }, judgeSend);
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  const postText = (ConnectionId: string, Data: string) =>
    send((options) => client.send(new PostToConnectionCommand({ ConnectionId, Data }), options));

  return {
    post: (connectionId, message) => postText(connectionId, JSON.stringify(message)),
    async postAll(seats, message) {
      const text = JSON.stringify(message);
      const [gone, failed]: [Seat[], { seat: Seat; error: unknown }[]] = [[], []];
      await inParallel(atOnce, seats, async (seat) => {
        try {
          if (!(await postText(seat.connectionId, text))) gone.push(seat);
        } catch (error) {
          failed.push({ seat, error });
        }
      });
      return { gone, failed };
    },
    async close(ConnectionId) {
      await send((options) => client.send(new DeleteConnectionCommand({ ConnectionId }), options));
    },
  };
}
