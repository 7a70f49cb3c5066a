import { notFound, stale } from '../../../contracts/errors.ts';
import type { Answer, Call } from '../../platform/api/call.ts';
import type { Notification } from '../domain/notification.ts';
import type { State } from '../domain/unread.ts';
import { Moved, type NotificationStore, type Write } from '../ports.ts';

/** Two clicks, a second tab, and something new at once: more often than this is no person. */
const tries = 5;

/** Changes one of the caller's own, by what was read of it; read again where it changed meanwhile. */
export async function changeOwn<Data>(
  { notifications }: { notifications: NotificationStore },
  id: string,
  call: Call,
  change: (notification: Notification, state: State) => { writes: Write[]; answer: Answer<Data> },
): Promise<Answer<Data>> {
  for (let nth = 0; nth < tries; nth += 1) {
    const found = await notifications.find(call.caller.userId, id, call.now);
    if (found === undefined) throw notFound();
    const { writes, answer } = change(found.notification, found.state);
    try {
      return await call.commit(writes, { ...answer, resourceId: id });
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
    }
  }
  throw stale();
}
