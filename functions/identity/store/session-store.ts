import { unauthorized } from '../../../contracts/errors.ts';
import { principalKey } from '../../platform/auth/principal.ts';
import { addSession, dropAllSessions, dropSession, swapSession } from '../../platform/auth/sessions.ts';
import type { Table } from '../../platform/table/types.ts';
import { packSession } from '../domain/session-bytes.ts';
import { maxSessionsPerUser } from '../domain/sessions.ts';
import { passwordChangesOf } from '../domain/user.ts';
import { NoRoom, SessionMoved, type SessionStore } from '../ports.ts';
import { accessFrom, sessionsIn, wasReplaced } from './access-item.ts';
import { userKey } from './keys.ts';
import { userFrom } from './user-store.ts';

const gone = () => unauthorized();

export const createSessionStore = (table: Table): SessionStore => ({
  async load(userId) {
    const items = await table.getMany([userKey(userId), principalKey(userId)]);
    const [user, principal] = [items.find(({ sk }) => sk === 'USER'), items.find(({ sk }) => sk === 'PRINCIPAL')];
    return user && principal && { user: userFrom(user), access: accessFrom(principal) };
  },

  add(user, sessionId, session, evicted) {
    const plan = {
      entry: packSession(session),
      evicted,
      most: maxSessionsPerUser,
      passwordChanges: passwordChangesOf(user),
    };
    return addSession(user.id, sessionId, plan, (old) => {
      if (old === undefined) return gone();
      if (!accessFrom(old).active) return unauthorized('auth.disabled');
      return wasReplaced(old, user) ? unauthorized('auth.wrong_pair') : new NoRoom(sessionsIn(old));
    });
  },

  swap: (userId, sessionId, before, after, expired) =>
    swapSession(userId, sessionId, { before: packSession(before), after: packSession(after), expired }, (old) => {
      if (old === undefined || !accessFrom(old).active) return gone();
      return new SessionMoved(sessionsIn(old)[sessionId]);
    }),

  drop: (userId, sessionId) => dropSession(userId, sessionId, gone),

  dropAll: (userId) => dropAllSessions(userId, gone),

  async dropNow(userId, sessionId) {
    await table.write(dropSession(userId, sessionId, gone));
  },
});
