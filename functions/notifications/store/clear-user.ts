import { inParallel } from '../../platform/in-parallel.ts';
import type { Table } from '../../platform/table/types.ts';
import { ttlOf } from '../domain/days.ts';
import { stateKey, userPartition } from './keys.ts';

const atOnce = 10;

/**
 * Closes the state first, so that an event that is being handled, or is redriven weeks later, puts nothing behind it; the closed state goes by time to live,
 * long after the last queue has forgotten the user. What is cut off goes on where it stopped when it is called again.
 */
export async function clearUser(table: Table, userId: string, now: Date): Promise<void> {
  const state = stateKey(userId);
  await table.write({ put: { ...state, epoch: 0, unread: {}, closed: true, ttl: ttlOf(now.toISOString()) } });
  let after: { pk: string; sk: string } | undefined;
  do {
    const page = await table.query({ pk: userPartition(userId), limit: 200, after });
    const gone = page.items.filter(({ sk }) => sk !== state.sk);
    await inParallel(atOnce, gone, ({ pk, sk }) => table.write({ delete: { pk, sk } }));
    after = page.next;
  } while (after !== undefined);
}
