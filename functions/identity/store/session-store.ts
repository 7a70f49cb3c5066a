import { conflict, unauthorized, unavailable } from '../../../contracts/errors.ts';
import { principalKey } from '../../platform/auth/principal.ts';
import {
  addSession,
  dropAllSessions,
  dropLease,
  dropSession,
  endSessions,
  swapLease,
  swapSession,
  takeLease,
} from '../../platform/auth/sessions.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import { packSession } from '../domain/session-bytes.ts';
import { leaseSeconds, maxSessionsPerUser } from '../domain/sessions.ts';
import { passwordChangesOf, type User } from '../domain/user.ts';
import { KeysMoved, LeaseLost, NoRoom, SessionMoved, type SessionStore } from '../ports.ts';
import { accessFrom, sessionsIn } from './access-item.ts';
import { userKey } from './keys.ts';
import { userFrom } from './user-store.ts';

const gone = () => unauthorized();

const lost = (old: Item | undefined) => new LeaseLost(old !== undefined && old['lease'] === undefined);

const wasReplaced = (old: Item | undefined, user: User) => Number(old?.['pw'] ?? 0) !== passwordChangesOf(user);

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

  lease: (user, lease, now) =>
    takeLease(user.id, lease, { now, passwordChanges: passwordChangesOf(user) }, (old) => {
      if (old === undefined) return gone();
      if (!accessFrom(old).active) return unauthorized('auth.disabled');
      if (wasReplaced(old, user)) return conflict('version.stale');
      return conflict('auth.password_in_work', { retryAfterSeconds: leaseSeconds });
    }),

  begin: (writes) => table.transact(writes),

  async swapLease(userId, lease, next) {
    await table.write(swapLease(userId, lease, next, lost));
  },

  async endLease(userId, lease) {
    await table.write(dropLease(userId, lease, lost));
  },

  endOthers(after, lease, { kept, keys } = {}) {
    const ending = {
      role: after.role,
      passwordChanges: passwordChangesOf(after),
      ...(keys !== undefined && { keys }),
      ...(kept && { kept: { id: kept.id, entry: packSession(kept.session) } }),
    };
    return endSessions(after.id, lease, ending, (old) => {
      if (old === undefined || old['lease'] !== lease) return unavailable(leaseSeconds);
      if (keys !== undefined && accessFrom(old).keys !== keys) return new KeysMoved();
      return new SessionMoved(kept && sessionsIn(old)[kept.id]);
    });
  },

  async dropNow(userId, sessionId) {
    await table.write(dropSession(userId, sessionId, gone));
  },
});
