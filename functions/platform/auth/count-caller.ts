import type { Caller } from '../api/call.ts';
import type { Allowance } from '../api/exchange.ts';
import type { Table } from '../table/types.ts';
import { countGuarded } from './count-guarded.ts';
import { principalKey, readPrincipal } from './principal.ts';
import type { VerifiedToken } from './verify-token.ts';

/**
 * Counts a call with a token and reads who makes it; a logout, a disabled user, a new role or membership holds from the next call on. Throws UNAUTHORIZED
 * or RATE_LIMITED.
 */
export async function countCaller(
  table: Table,
  { userId, sessionId }: VerifiedToken,
  limit: number,
  now: Date,
): Promise<{ caller: Caller; allowance: Allowance }> {
  const { item, allowance } = await countGuarded(
    table,
    {
      key: principalKey(userId),
      // Active, and this session not signed out: what a token alone can't tell.
      guard: {
        text: '#state = :active AND attribute_exists(#ss.#sid)',
        values: { active: 'active' },
        names: { sid: sessionId },
      },
      admits: (old) => {
        const { active, sessions } = readPrincipal(old);
        return active && Object.hasOwn(sessions, sessionId);
      },
    },
    limit,
    now,
  );
  const { role, memberships } = readPrincipal(item);
  return { caller: { userId, role, sessionId, memberships }, allowance };
}
