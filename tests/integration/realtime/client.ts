import { WebSocket } from 'ws';
import { until } from '../../support/until.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape.
export type Message = Record<string, any>;

export interface SocketClient {
  /** All that it was sent, in order. */
  readonly got: Message[];
  readonly closed: boolean;
  /** When it was, by the clock of `performance`. */
  readonly closedAt: number | undefined;
  events(): Message[];
  /** All events that were sent to it before now: they come before the answer to a ping. */
  eventsSoFar(): Promise<Message[]>;
  send(message: unknown): void;
  /** Sends, and answers the next message that is no event. */
  ask(message: unknown, withinMs?: number): Promise<Message>;
  /** Ends as a lost network does: without a goodbye. */
  drop(): void;
}

const isEvent = ({ id }: Message) => id !== undefined;

/** Opens a socket; throws where it is refused. */
export async function openSocket(url: string, headers: Record<string, string> = {}): Promise<SocketClient> {
  const socket = new WebSocket(url, { headers });
  const got: Message[] = [];
  let closedAt: number | undefined;
  socket.on('message', (data) => void got.push(JSON.parse(data.toString())));
  socket.on('close', () => {
    closedAt = performance.now();
  });
  await new Promise<void>((done, fail) => {
    socket.once('open', done);
    socket.once('error', fail);
  });
  socket.on('error', () => undefined);
  const events = () => got.filter(isEvent);
  const send = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const ask = async (message: unknown, withinMs?: number) => {
    const before = got.length;
    send(message);
    return until('the answer came', () => got.slice(before).find((answer) => !isEvent(answer)), withinMs);
  };
  return {
    got,
    get closed() {
      return closedAt !== undefined;
    },
    get closedAt() {
      return closedAt;
    },
    events,
    async eventsSoFar() {
      if (closedAt === undefined) await ask({ type: 'ping' });
      return events();
    },
    send,
    ask,
    drop: () => socket.terminate(),
  };
}
