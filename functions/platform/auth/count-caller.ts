import { unauthorized } from '../../../contracts/errors.ts';
import type { Caller } from '../api/call.ts';
import type { Allowance } from '../api/exchange.ts';
import type { Fragment, Item, Key, PlainWrite, Table } from '../table/types.ts';
import { principalKey, readPrincipal } from './principal.ts';
import { rateLimited } from './rate-limited.ts';
import type { VerifiedToken } from './verify-token.ts';
import { allowanceOf, windowOf } from './window.ts';

class NotCounted extends Error {
  readonly item: Item | undefined;
  constructor(item: Item | undefined) {
    super('this call was not counted');
    this.item = item;
  }
}

const otherwise = (old: Item | undefined) => new NotCounted(old);

/** Active, and this session not signed out: what a token alone can't tell. */
const signedIn = (sessionId: string, text: string, values: Record<string, unknown>): Fragment => ({
  text: `${text} AND #state = :active AND attribute_exists(#ss.#sid)`,
  values: { ...values, active: 'active' },
  names: { sid: sessionId },
});

const countIn = (key: Key, sessionId: string, window: number, limit: number): PlainWrite => ({
  update: key,
  change: { text: 'ADD #n :one', values: { one: 1 } },
  condition: signedIn(sessionId, '#win = :window AND #n < :limit', { window, limit }),
  otherwise,
});

const openWindow = (key: Key, sessionId: string, window: number): PlainWrite => ({
  update: key,
  change: { text: 'SET #win = :window, #n = :one', values: { window, one: 1 } },
  condition: signedIn(sessionId, '#win < :window', { window }),
  otherwise,
});

/**
 * Counts a call and reads who makes it in one conditional write, two on the first call of an hour. Exact however many come at once; a logout, a
 * disabled user, a new role or membership holds from the next call on. Throws UNAUTHORIZED or RATE_LIMITED.
 */
export async function countCaller(
  table: Table,
  token: VerifiedToken,
  limit: number,
  now: Date,
): Promise<{ caller: Caller; allowance: Allowance }> {
  const key = principalKey(token.userId);
  const window = windowOf(now);
  let write = countIn(key, token.sessionId, window, limit);
  for (;;) {
    const item = await table.write(write, 'new').catch((error: unknown) => {
      if (error instanceof NotCounted) return error;
      throw error;
    });
    if (item !== undefined && !(item instanceof NotCounted)) {
      const { role, memberships, calls, window: counted } = readPrincipal(item);
      const caller = { userId: token.userId, role, sessionId: token.sessionId, memberships };
      return { caller, allowance: allowanceOf(limit, calls, counted) };
    }
    if (item?.item === undefined) throw unauthorized();
    const principal = readPrincipal(item.item);
    if (!principal.active || !Object.hasOwn(principal.sessions, token.sessionId)) throw unauthorized();
    // A clock behind the item's window counts in that window: never a way to a fresh one.
    if (principal.window >= window && principal.calls >= limit)
      throw rateLimited(allowanceOf(limit, limit, principal.window), now);
    write =
      principal.window < window
        ? openWindow(key, token.sessionId, window)
        : countIn(key, token.sessionId, principal.window, limit);
  }
}
