import { unauthorized } from '../../../contracts/errors.ts';
import { maxConnectionsPerUser } from '../../../contracts/realtime/client-messages.ts';
import { isSignedIn, type Person } from '../domain/audience.ts';
import { type Reply, refusal } from './reply.ts';
import type { SocketDependencies } from './socket-dependencies.ts';

export async function readPerson(userId: string, { people }: Pick<SocketDependencies, 'people'>): Promise<Person> {
  const [person] = await people.read([userId]);
  return person ?? { userId, rights: undefined, presence: undefined };
}

/** Without its place it is sent nothing more, so closing it is a courtesy: one that can't be told hinders nobody. */
async function evict(connectionId: string, { sockets, log }: SocketDependencies): Promise<void> {
  const { message } = refusal('RATE_LIMITED', 'socket.too_many_connections', { max: maxConnectionsPerUser });
  try {
    if (await sockets.post(connectionId, message)) await sockets.close(connectionId);
  } catch (error) {
    log.error('cannot close an evicted connection', { connection: connectionId, error });
  }
}

/** Makes the connection its user's, or extends it by a fresh token. Three trips. */
export async function authenticateConnection(
  connectionId: string,
  token: string,
  dependencies: SocketDependencies,
): Promise<Reply> {
  const { connections, presences, verifyToken, now } = dependencies;
  const { userId, sessionId, expiresAt } = await verifyToken(token);
  const person = await readPerson(userId, dependencies);
  // Disabled, or signed out: what a token alone can't tell.
  if (!isSignedIn(person.rights, sessionId)) throw unauthorized();
  // The connection first: one that has been closed meanwhile leaves no place behind.
  await connections.identify(connectionId, userId);
  const evicted = await presences.claim(
    userId,
    connectionId,
    { sid: sessionId, exp: expiresAt },
    person.presence,
    now(),
  );
  await Promise.all(evicted.map((id) => evict(id, dependencies)));
  return { message: { type: 'auth_ok', user_id: userId } };
}

export async function admitGuest(connectionId: string, { connections }: SocketDependencies): Promise<Reply> {
  await connections.admitGuest(connectionId);
  return { message: { type: 'guest_ok' } };
}
