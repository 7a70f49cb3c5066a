import { principalKey } from '../platform/auth/principal.ts';
import { endSessions } from '../platform/auth/sessions.ts';
import { refused } from '../platform/table/refused.ts';
import type { Table } from '../platform/table/types.ts';
import { timerRemoval, timerWrite } from '../platform/timers/timer-item.ts';
import { unlessMoved } from '../platform/timers/unless-moved.ts';
import { leaseEnd } from './domain/sessions.ts';
import { passwordChangesOf, replacePassword } from './domain/user.ts';
import { KeysMoved } from './ports.ts';
import { createApiKeyRemoval } from './store/api-key-removal.ts';
import { userKey } from './store/keys.ts';
import type { PasswordTimer } from './store/password-timer.ts';
import { createUserStore, userFrom } from './store/user-store.ts';

const aMinuteMs = 60_000;

/**
 * Tells the table of a password that may have been set by a request that was cut off, or could not tell it: the sessions end, and the user hears of it. Void
 * where the table knows of another password since. A request that holds a lease is waited for.
 *
 * That Cognito was told is taken for granted: it can't be asked, and where it was not, who signs in anew has lost little. The code of a reset stays good.
 */
export async function settlePassword(
  timer: PasswordTimer,
  { table, now }: { table: Table; now: () => Date },
): Promise<void> {
  const removal = timerRemoval(timer);
  const items = await table.getMany([userKey(timer.user_id), principalKey(timer.user_id)]);
  const [user, principal] = ['USER', 'PRINCIPAL'].map((sk) => items.find((item) => item.sk === sk));
  const before = user && userFrom(user);
  if (before === undefined || principal === undefined || String(passwordChangesOf(before)) !== timer.of) {
    await unlessMoved(table.write(removal));
    return;
  }
  const [lease, at] = [principal['lease'] as string | undefined, now()];
  if (lease !== undefined && leaseEnd(lease) > at.toISOString()) {
    const later = { ...timer, at: new Date(at.getTime() + aMinuteMs).toISOString() };
    await unlessMoved(table.transact([removal, timerWrite(later)]));
    return;
  }
  const apiKeys = createApiKeyRemoval(table);
  const gone = timer.by === 'reset_password' && !before.email_verified ? await apiKeys.ids(before.id) : undefined;
  const after = replacePassword(before, at);
  const ending = {
    role: after.role,
    passwordChanges: passwordChangesOf(after),
    ...(gone !== undefined && { keys: gone.length }),
  };
  const writes = [
    removal,
    ...createUserStore(table).change(before, after),
    endSessions(before.id, lease, ending, refused),
    ...apiKeys.removeAll(before.id, gone ?? []),
  ];
  await unlessMoved(
    table.transact(writes).catch((error: unknown) => {
      throw error instanceof KeysMoved ? refused(undefined) : error;
    }),
  );
}
