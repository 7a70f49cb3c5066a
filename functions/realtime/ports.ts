import type { AnswerMessage, EventMessage } from '../../contracts/realtime/server-messages.ts';
import type { Addressed, Person, Seat } from './domain/audience.ts';
import type { Place, Presence, Session } from './domain/presence.ts';
import type { Topics } from './domain/topics.ts';

/** Who a connection is of: nobody yet, a guest, or a user. */
export interface Connection {
  id: string;
  userId?: string;
  guest: boolean;
}

/**
 * Methods that count a request throw RATE_LIMITED when the connection has made too many, UNAUTHORIZED when it has been
 * closed meanwhile.
 */
export interface ConnectionStore {
  open(id: string, now: Date): Promise<void>;
  count(id: string): Promise<Connection>;
  /** The same for pings, which have a limit of their own. */
  countPing(id: string): Promise<void>;
  /** Counts, and makes it this user's for good. CONFLICT where it is another's. */
  identify(id: string, userId: string): Promise<void>;
  /** Counts, and makes it a guest's. CONFLICT where it is a user's. */
  admitGuest(id: string): Promise<void>;
  addGuestTopics(id: string, topics: readonly string[]): Promise<void>;
  dropGuestTopics(id: string, topics: readonly string[]): Promise<void>;
  /** Answers whose it was; undefined when it is gone already. */
  remove(id: string): Promise<Connection | undefined>;
  /** Removes it unless somebody has identified on it meanwhile; answers whether it did. */
  removeUnidentified(id: string): Promise<boolean>;
}

export interface PresenceStore {
  /**
   * Takes the connection into the user's presence, or renews its token. At most ten have room, however many come at
   * once: answers the connections that had to go. `known` is the presence as it was last read.
   */
  claim(
    userId: string,
    connectionId: string,
    session: Session,
    known: Presence | undefined,
    now: Date,
  ): Promise<string[]>;
  /**
   * Changes the topics of a place, which messages sent at once do one after the other, in any order. `known` is the
   * place as it was last read; UNAUTHORIZED when it is gone.
   */
  retopic(userId: string, connectionId: string, known: Place, change: (topics: Topics) => Topics): Promise<void>;
  release(seats: readonly Seat[]): Promise<void>;
}

export interface People {
  /** Principals and presences, strongly consistent, in one trip for 50 users. */
  read(userIds: readonly string[]): Promise<Person[]>;
  /** Strongly consistent: who has just been removed is not among them. */
  membersOf(workspaceId: string): Promise<string[]>;
  admins(): Promise<string[]>;
}

/** An event as the bus brings it. */
export type PushedEvent = EventMessage & Addressed;

export interface Sockets {
  /** False when the connection is gone, or was closed since its client does not read. */
  post(connectionId: string, message: AnswerMessage): Promise<boolean>;
  /** Sends to each, whatever becomes of the others. Gone are, too, those that were closed since their clients do not read. */
  postAll(
    seats: readonly Seat[],
    message: EventMessage,
  ): Promise<{ gone: Seat[]; failed: { seat: Seat; error: unknown }[] }>;
  /** Closes it; one that is gone is closed. */
  close(connectionId: string): Promise<void>;
}

/** Answers whom a token speaks for until when (Unix seconds), or throws UNAUTHORIZED. */
export type VerifyToken = (token: string) => Promise<{ userId: string; sessionId: string; expiresAt: number }>;

export interface SocketTimeouts {
  /** Has the connection looked at when its time to authenticate is over. */
  schedule(connectionId: string): Promise<void>;
}

export interface Log {
  error(message: string, details: Record<string, unknown>): void;
}
