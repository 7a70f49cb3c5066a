import type { EventMessage } from '../../../contracts/realtime/server-messages.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import type { RelayedEvent } from '../../platform/outbox/relayed-event.ts';
import { decideAudience, type Seat } from '../domain/audience.ts';
import type { Log, People, PresenceStore, Sockets } from '../ports.ts';

export interface PushDependencies {
  people: People;
  presences: Pick<PresenceStore, 'release'>;
  sockets: Sockets;
  now: () => Date;
  log: Log;
}

/** Sockets written to at once. */
const atOnce = 25;

const messageOf = ({ type, data, id, timestamp, version }: RelayedEvent) =>
  ({ type, data, id, timestamp, ...(version !== undefined && { version }) }) as EventMessage;

async function candidates(event: RelayedEvent, people: People): Promise<string[]> {
  const [members, admins] = await Promise.all([
    event.workspace_id === undefined ? [] : people.membersOf(event.workspace_id),
    event.audience === 'admins' ? people.admins() : [],
  ]);
  return [...new Set([...members, ...admins, ...(event.user_id === undefined ? [] : [event.user_id])])];
}

/**
 * Sends an event to those who may see it at this moment. A socket that fails hinders no other; then the event fails as a whole and is sent again to all,
 * who drop what they have seen by its id.
 */
export async function pushEvent(event: RelayedEvent, { people, presences, sockets, now, log }: PushDependencies): Promise<void> {
  const found = await people.read(await candidates(event, people));
  const { send, end } = decideAudience(event, found, now().getTime() / 1_000);
  const message = messageOf(event);
  const post = async ({ userId, connectionId }: Seat) => {
    if (!(await sockets.post(connectionId, message))) await presences.release(userId, connectionId);
  };
  const close = async ({ userId, connectionId }: Seat) => {
    await presences.release(userId, connectionId);
    await sockets.close(connectionId);
  };
  const failure = (work: (seat: Seat) => Promise<void>) => (seat: Seat) => work(seat).then(() => undefined, (error: unknown) => ({ seat, error }));
  const failed = [...(await inParallel(atOnce, send, failure(post))), ...(await inParallel(atOnce, end, failure(close)))].filter(
    (outcome) => outcome !== undefined,
  );
  for (const { seat, error } of failed) log.error('cannot push an event', { event: event.id, type: event.type, connection: seat.connectionId, error });
  if (failed.length > 0) throw new Error(`cannot push ${event.type} ${event.id}: ${failed.length} of ${send.length + end.length} sockets failed`);
}
