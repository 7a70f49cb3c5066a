import type { Key, PlainWrite } from '../../platform/table/types.ts';
import { type DueTimer, timerKey, timerWrite } from '../../platform/timers/timer-item.ts';
import { leaseEnd } from '../domain/sessions.ts';
import { passwordChangesOf, type User } from '../domain/user.ts';
import type { PasswordSetter } from '../ports.ts';

/** Set with the lease under which a password is replaced, for where nobody comes to tell the table: `of` is how often it had been replaced before. */
export interface PasswordTimer extends DueTimer {
  kind: 'password';
  user_id: string;
  /** At a reset API keys of who never proved the address go, too. */
  by: PasswordSetter;
}

const placeOf = (lease: string) => ({ kind: 'password', id: lease, at: leaseEnd(lease) }) as const;

export const passwordTimerKey = (lease: string): Key => timerKey(placeOf(lease));

export function passwordTimer(user: User, lease: string, by: PasswordSetter): PlainWrite {
  const place = placeOf(lease);
  const of = String(passwordChangesOf(user));
  const timer: PasswordTimer = { ...place, due: place.at, user_id: user.id, by, of, tries: 0 };
  return timerWrite(timer);
}
