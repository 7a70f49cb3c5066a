import { unauthorized } from '../../../contracts/errors.ts';
import { isSignedIn } from '../domain/audience.ts';
import { addTopics, assertGuestTopics, dropTopics } from '../domain/topics.ts';
import { readPerson } from './authenticate-connection.ts';
import { type Reply, refusal } from './reply.ts';
import type { SocketDependencies } from './socket-dependencies.ts';

export interface TopicChange {
  type: 'subscribe' | 'unsubscribe';
  topics: readonly string[];
}

const done = ({ type, topics }: TopicChange): Reply => ({ message: { type: `${type}d`, topics: [...topics] } });

async function changeGuestTopics(
  connectionId: string,
  change: TopicChange,
  { connections }: SocketDependencies,
): Promise<Reply> {
  assertGuestTopics(change.topics);
  if (change.type === 'subscribe') await connections.addGuestTopics(connectionId, change.topics);
  else await connections.dropGuestTopics(connectionId, change.topics);
  return done(change);
}

/** Narrows or widens what one connection is sent, within what its user may see. Three trips, a guest's two. */
export async function changeTopics(
  connectionId: string,
  change: TopicChange,
  dependencies: SocketDependencies,
): Promise<Reply> {
  const { connections, presences, now } = dependencies;
  const { userId, guest } = await connections.count(connectionId);
  if (userId === undefined) {
    return guest
      ? changeGuestTopics(connectionId, change, dependencies)
      : refusal('UNAUTHORIZED', 'socket.authenticate_first');
  }
  const person = await readPerson(userId, dependencies);
  const place = person.presence?.[connectionId];
  // Its place was taken by a newer connection; that one is told.
  if (place === undefined) return refusal('UNAUTHORIZED', 'socket.authenticate_first');
  if (!isSignedIn(person.rights, place.sid)) throw unauthorized();
  if (place.exp <= now().getTime() / 1_000) return refusal('UNAUTHORIZED', 'socket.token_expired');
  const apply = change.type === 'subscribe' ? addTopics : dropTopics;
  const workspaceIds = Object.keys(person.rights.memberships);
  await presences.retopic(userId, connectionId, place, (topics) => apply(topics, change.topics, workspaceIds));
  return done(change);
}
