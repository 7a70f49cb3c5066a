import { readViewerAddress } from '../../platform/api/from-edge.ts';
import type { SocketDependencies } from './socket-dependencies.ts';

export type Headers = Readonly<Record<string, string | undefined>>;

/** Unlike those of HTTP APIs, their names come as the client spelled them. */
const lowerCased = (headers: Headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Lets a connection in that came through our edge, and gives it its time to say who it is. Throws FORBIDDEN. */
export async function openConnection(
  connectionId: string,
  headers: Headers,
  { connections, timeouts, originSecretHashes, now }: SocketDependencies,
): Promise<void> {
  readViewerAddress({ headers: lowerCased(headers) }, originSecretHashes);
  await Promise.all([connections.open(connectionId, now()), timeouts.schedule(connectionId)]);
}
