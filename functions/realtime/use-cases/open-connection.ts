import { forbidden } from '../../../contracts/errors.ts';
import { isFromEdge } from '../../platform/api/from-edge.ts';
import { addressScope } from '../../platform/auth/address.ts';
import type { SocketDependencies } from './socket-dependencies.ts';

export type Headers = Readonly<Record<string, string | undefined>>;

/** Header names come as the client spelled them. */
function headerOf(headers: Headers, name: string): string | undefined {
  return Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
}

/** Lets a connection in that came through our edge, and gives it its time to say who it is. Throws FORBIDDEN. */
export async function openConnection(
  connectionId: string,
  headers: Headers,
  { connections, timeouts, originSecretHashes, now }: SocketDependencies,
): Promise<void> {
  const address = addressScope(headerOf(headers, 'x-viewer-address') ?? '');
  if (address === undefined || !isFromEdge(headerOf(headers, 'x-origin-verify'), originSecretHashes)) throw forbidden();
  await Promise.all([connections.open(connectionId, now()), timeouts.schedule(connectionId)]);
}
