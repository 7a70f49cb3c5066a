import { conflict, isUnavailable, stale, unauthorized, unavailable } from '../../../contracts/errors.ts';
import { dropLease, endSessions, swapLease, takeLease } from '../../platform/auth/sessions.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import { packSession } from '../domain/session-bytes.ts';
import { leaseSeconds } from '../domain/sessions.ts';
import { passwordChangesOf } from '../domain/user.ts';
import { KeysMoved, LeaseLost, type LeaseStore, SessionMoved } from '../ports.ts';
import { accessFrom, sessionsIn, wasReplaced } from './access-item.ts';
import { passwordTimer, passwordTimerKey } from './password-timer.ts';

const lost = (old: Item | undefined) => new LeaseLost(old !== undefined && old['lease'] === undefined);

export const createLeaseStore = (table: Table): LeaseStore => {
  const end: LeaseStore['end'] = async (userId, lease, first) => {
    if (first !== undefined) await table.write({ delete: passwordTimerKey(first) });
    await table.write(dropLease(userId, lease, lost));
  };
  return {
    async take(user, lease, now, by, held = []) {
      const taking = takeLease(user.id, lease, { now, passwordChanges: passwordChangesOf(user) }, (old) => {
        if (old === undefined) return unauthorized();
        if (!accessFrom(old).active) return unauthorized('auth.disabled');
        if (wasReplaced(old, user)) return stale();
        return conflict('auth.password_in_work', { retryAfterSeconds: leaseSeconds });
      });
      const watch = by === 'invite' ? [] : [passwordTimer(user, lease, by)];
      try {
        await table.transact([taking, ...held, ...watch]);
      } catch (error) {
        // It may have been taken, and nobody is told anything under it.
        if (isUnavailable(error)) await end(user.id, lease, lease).catch(() => undefined);
        throw error;
      }
    },

    async swap(userId, lease, next) {
      await table.write(swapLease(userId, lease, next, lost));
    },

    end,

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
  };
};
