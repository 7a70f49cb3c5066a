import { workspaceTopic } from '../../../contracts/realtime/topics.ts';
import type { Presence } from './presence.ts';

/** What a user may see. */
export interface Rights {
  role: string;
  active: boolean;
  /** Workspace id → role. */
  memberships: Readonly<Record<string, string>>;
  /** By the ids of those that have not ended. */
  sessions: Readonly<Record<string, unknown>>;
}

/** A user as the event finds them: may they, and where are they. */
export interface Person {
  userId: string;
  /** Undefined for one who has been deleted. */
  rights: Rights | undefined;
  presence: Presence | undefined;
}

export interface Seat {
  userId: string;
  connectionId: string;
}

export interface Audience {
  send: Seat[];
  /** Connections whose session has ended, or whose user was disabled: they are closed. */
  end: Seat[];
}

/** To the members of a workspace, to a user, to all admins, or to several of these. */
export interface Addressed {
  workspace_id?: string;
  user_id?: string;
  audience?: 'admins';
}

export const isSignedIn = (rights: Rights | undefined, sessionId: string): rights is Rights =>
  rights?.active === true && Object.hasOwn(rights.sessions, sessionId);

/**
 * Who is sent an event, decided as it is sent: from memberships, roles, sessions and token expiries as they are now.
 * What a connection has stored can only take away from that.
 */
export function decideAudience(event: Addressed, people: readonly Person[], nowSeconds: number): Audience {
  const audience: Audience = { send: [], end: [] };
  for (const { userId, rights, presence = {} } of people) {
    const direct = event.user_id === userId || (event.audience === 'admins' && rights?.role === 'admin');
    const workspaceId = event.workspace_id;
    const member = workspaceId !== undefined && rights !== undefined && Object.hasOwn(rights.memberships, workspaceId);
    for (const [connectionId, { sid, exp, off }] of Object.entries(presence)) {
      const seat = { userId, connectionId };
      if (!isSignedIn(rights, sid)) audience.end.push(seat);
      // A fresh token brings it back: the connection stays.
      else if (exp <= nowSeconds) continue;
      else if (direct || (member && !off.includes(workspaceTopic(workspaceId)))) audience.send.push(seat);
    }
  }
  return audience;
}
