import type { SocketDependencies } from './socket-dependencies.ts';

/**
 * Forgets a connection that has ended. Where its end is never told, the next event finds it gone, or its token expires.
 */
export async function closeConnection(
  connectionId: string,
  { connections, presences }: Pick<SocketDependencies, 'connections' | 'presences'>,
): Promise<void> {
  const connection = await connections.remove(connectionId);
  const userId = connection?.userId;
  if (userId !== undefined) await presences.release([{ userId, connectionId }]);
}

/**
 * Closes a connection on which nobody has said who they are in time. Who does so at the same moment either stays or
 * gets `auth_error`.
 */
export async function closeUnidentified(
  connectionId: string,
  { connections, sockets }: Pick<SocketDependencies, 'connections' | 'sockets'>,
): Promise<void> {
  if (await connections.removeUnidentified(connectionId)) await sockets.close(connectionId);
}
