import type { EventType } from '../../../contracts/realtime/events.ts';
import { type EventMessage, eventMessage } from '../../../contracts/realtime/server-messages.ts';
import { openSocket, type SocketClient } from '../realtime/client.ts';

/** A person's socket, and what it has been told. */
export interface Watch {
  socket: SocketClient;
  /** The events of a type as the contract has them, each once, however often it was sent. */
  of<Type extends EventType>(type: Type): Extract<EventMessage, { type: Type }>[];
  end(): void;
}

export async function watch(url: string, token: string): Promise<Watch> {
  const socket = await openSocket(url);
  const answer = await socket.ask({ type: 'auth', token });
  if (answer['type'] !== 'auth_ok') throw new Error(`cannot watch: ${JSON.stringify(answer)}`);
  return {
    socket,
    of<Type extends EventType>(type: Type) {
      const sent = socket.events().filter((event) => event['type'] === type);
      const parsed = sent.map((event) => eventMessage(type).parse(event));
      return [...new Map(parsed.map((event) => [event.id, event])).values()] as Extract<EventMessage, { type: Type }>[];
    },
    end: () => socket.drop(),
  };
}
