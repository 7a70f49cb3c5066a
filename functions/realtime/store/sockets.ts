import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { unavailable } from '../../../contracts/errors.ts';
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
const isLimited = (error: unknown) => error instanceof Error && error.name === 'LimitExceededException';

const judgeSend = (error: unknown): Failure => (isLimited(error) ? 'refused' : judge(error));

/** `full`: each try within its bound met a 429. */
type Outcome = 'sent' | 'gone' | 'full';

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
  async function send(attempt: (options: TryOptions) => Promise<unknown>): Promise<Outcome> {
    try {
      await beginSeries(pace).send((options) => {
        meter().add('sockets');
        return attempt(options);
      }, judgeSend);
      return 'sent';
    } catch (error) {
      if (isGone(error)) return 'gone';
      if (error instanceof Error && isLimited(error.cause)) return 'full';
      throw error;
    }
  }

  const postText = (ConnectionId: string, Data: string) =>
    send((options) => client.send(new PostToConnectionCommand({ ConnectionId, Data }), options));

  async function close(ConnectionId: string): Promise<void> {
    const outcome = await send((options) => client.send(new DeleteConnectionCommand({ ConnectionId }), options));
    if (outcome === 'full') throw unavailable(1, new Error('cannot close a connection: too many requests'));
  }

  return {
    async post(connectionId, message) {
      const outcome = await postText(connectionId, JSON.stringify(message));
      if (outcome === 'full') await close(connectionId);
      return outcome === 'sent';
    },
    async postAll(seats, message) {
      const text = JSON.stringify(message);
      const [gone, failed]: [Seat[], { seat: Seat; error: unknown }[]] = [[], []];
      await inParallel(atOnce, seats, async (seat) => {
        try {
          const outcome = await postText(seat.connectionId, text);
          // It would fail every event for everybody. Closed, it comes back and reads how things are.
          if (outcome === 'full') await close(seat.connectionId);
          if (outcome !== 'sent') gone.push(seat);
        } catch (error) {
          failed.push({ seat, error });
        }
      });
      return { gone, failed };
    },
    close,
  };
}
