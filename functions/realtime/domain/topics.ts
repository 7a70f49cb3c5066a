import { conflict, forbidden, notFound } from '../../../contracts/errors.ts';
import { maxTopics, readTopic } from '../../../contracts/realtime/topics.ts';
import type { Place } from './presence.ts';

export type Topics = Pick<Place, 'on' | 'off'>;

const isOfWorkspace = (topic: string) => readTopic(topic).kind === 'workspace';

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
const without = (a: readonly string[], b: readonly string[]) => a.filter((topic) => !b.includes(topic));

/**
 * Every workspace of a member is there from the beginning, so subscribing to one undoes an `unsubscribe` and no more:
 * who is no member gets NOT_FOUND, and whoever stops being one gets nothing whatever is stored. Other topics are added.
 */
export function addTopics({ on, off }: Topics, topics: readonly string[], workspaceIds: readonly string[]): Topics {
  const workspaces = topics.filter(isOfWorkspace);
  if (workspaces.some((topic) => !workspaceIds.includes(readTopic(topic).id))) throw notFound();
  const added = union(
    on,
    topics.filter((topic) => !isOfWorkspace(topic)),
  );
  if (added.length > maxTopics) throw tooManyTopics();
  return { on: added, off: without(off, workspaces) };
}

/** A workspace is noted as left out; one that the user is no member of is not sent anyway. */
export function dropTopics({ on, off }: Topics, topics: readonly string[], workspaceIds: readonly string[]): Topics {
  const left = topics.filter((topic) => isOfWorkspace(topic) && workspaceIds.includes(readTopic(topic).id));
  const still = off.filter((topic) => workspaceIds.includes(readTopic(topic).id));
  return { on: without(on, topics), off: union(still, left) };
}

/** Throws FORBIDDEN for what a guest may not have. */
export function assertGuestTopics(topics: readonly string[]): void {
  if (topics.some((topic) => readTopic(topic).kind !== 'event')) throw forbidden('socket.guest_topics');
}

export const tooManyTopics = () => conflict('socket.too_many_topics', { params: { max: maxTopics } });
