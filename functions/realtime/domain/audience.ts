import { workspaceTopic } from '../../../contracts/realtime/topics.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import type { RelayedEvent } from '../../platform/outbox/relayed-event.ts';
import type { Presence } from './presence.ts';

/** A user as the event finds them: may they, and where are they. */
export interface Person {
  userId: string;
  /** Undefined for one who has been deleted. */
  principal: Principal | undefined;
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

type Addressed = Pick<RelayedEvent, 'workspace_id' | 'user_id' | 'audience'>;

/**
 * Who is sent an event, decided as it is sent: from memberships, roles, sessions and token expiries as they are now. What a connection has stored can
 * only take away from that.
 */
export function decideAudience(event: Addressed, people: readonly Person[], nowSeconds: number): Audience {
  const audience: Audience = { send: [], end: [] };
  for (const { userId, principal, presence = {} } of people) {
    const direct = event.user_id === userId || (event.audience === 'admins' && principal?.role === 'admin');
    const workspaceId = event.workspace_id;
    const member = workspaceId !== undefined && principal !== undefined && Object.hasOwn(principal.memberships, workspaceId);
    for (const [connectionId, { sid, exp, off }] of Object.entries(presence)) {
      const seat = { userId, connectionId };
      if (principal?.active !== true || !Object.hasOwn(principal.sessions, sid)) audience.end.push(seat);
      // A fresh token brings it back: the connection stays.
      else if (exp <= nowSeconds) continue;
      else if (direct || (member && !off.includes(workspaceTopic(workspaceId)))) audience.send.push(seat);
    }
  }
  return audience;
}
