import type { EventMessage } from '../../../contracts/realtime/server-messages.ts';
import { type Addressed, decideAudience } from '../domain/audience.ts';
import type { Log, People, PresenceStore, PushedEvent, Sockets } from '../ports.ts';

export interface PushDependencies {
  people: People;
  presences: Pick<PresenceStore, 'release'>;
  sockets: Sockets;
  now: () => Date;
  log: Log;
}

/** What a client is sent: whom else it was addressed to is not its business. */
const messageOf = ({ type, data, id, timestamp, version }: PushedEvent) =>
  ({ type, data, id, timestamp, ...(version !== undefined && { version }) }) as EventMessage;

async function candidates({ workspace_id, user_id, audience }: Addressed, people: People): Promise<string[]> {
  const [members, admins] = await Promise.all([
    workspace_id === undefined ? [] : people.membersOf(workspace_id),
    audience === 'admins' ? people.admins() : [],
  ]);
  return [...new Set([...members, ...admins, ...(user_id === undefined ? [] : [user_id])])];
}

/**
 * Sends an event to those who may see it at this moment. A socket that fails hinders no other; then the event fails as
 * a whole and is sent again to all, who drop what they have seen by its id. One whose client does not read is no failure:
 * it is closed, else one client could keep every event of its workspace in the queue of failures.
 */
export async function pushEvent(
  event: PushedEvent,
  { people, presences, sockets, now, log }: PushDependencies,
): Promise<void> {
  const found = await people.read(await candidates(event, people));
  const { send, end } = decideAudience(event, found, now().getTime() / 1_000);
  const { gone, failed } = await sockets.postAll(send, messageOf(event));
  await presences.release([...gone, ...end]);
  for (const { connectionId } of end) await sockets.close(connectionId);
  for (const { seat, error } of failed) {
    log.error('cannot push an event', { event: event.id, type: event.type, connection: seat.connectionId, error });
  }
  if (failed.length > 0) {
    throw new Error(`cannot push ${event.type} ${event.id}: ${failed.length} of ${send.length} sockets failed`);
  }
}
