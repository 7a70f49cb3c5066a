import { unauthorized } from '../../../contracts/errors.ts';
import { lesserRole, type SystemRole, systemRoles } from '../../../contracts/shared/permissions.ts';
import type { Caller } from '../api/call.ts';
import type { Allowance } from '../api/exchange.ts';
import type { Item, Table } from '../table/types.ts';
import { apiKeyKey, hashApiKey, readApiKey } from './api-key.ts';
import { countGuarded } from './count-guarded.ts';
import { principalKey, readPrincipal } from './principal.ts';

/** An unreadable role counts as the least privileged one. */
export const roleOfKey = (item: Item): SystemRole => systemRoles.find((role) => role === item['role']) ?? 'viewer';

/**
 * Counts a call with an API key against the key's own limit, by one conditional write that notes its use, and reads its user meanwhile: a revoked or expired
 * key, a disabled or deleted user, a lesser role or lost membership holds from the next call on. Throws UNAUTHORIZED or RATE_LIMITED.
 */
export async function countApiKey(
  table: Table,
  text: string,
  limit: number,
  now: Date,
): Promise<{ caller: Caller; allowance: Allowance }> {
  const name = readApiKey(text);
  if (name === undefined) throw unauthorized();
  const [hash, at] = [hashApiKey(text), now.toISOString()];
  const counting = countGuarded(
    table,
    {
      key: apiKeyKey(name),
      guard: {
        text: '#hash = :hash AND (attribute_not_exists(#expires_at) OR #expires_at > :at)',
        values: { hash, at },
      },
      admits: (old) => isSame(old['hash'], hash) && (old['expires_at'] === undefined || String(old['expires_at']) > at),
      sets: { text: '#last_used_at = :at', values: { at } },
    },
    limit,
    now,
  );
  const [counted, user] = await Promise.all([counting, table.get(principalKey(name.userId))]);
  const principal = user && readPrincipal(user);
  if (principal === undefined || !principal.active) throw unauthorized();
  return {
    caller: {
      userId: name.userId,
      role: lesserRole(roleOfKey(counted.item), principal.role),
      sessionId: '',
      keyId: name.keyId,
      memberships: principal.memberships,
    },
    allowance: counted.allowance,
  };
}

const isSame = (stored: unknown, hash: Uint8Array) =>
  stored instanceof Uint8Array && Buffer.compare(stored, hash) === 0;
