import type { SystemRole, WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import { key } from '../table/key.ts';
import type { Item, Key } from '../table/types.ts';
import { windowOf } from './window.ts';

/**
 * A user as each of its calls meets it, in one item that the counting write returns. Kept under 1 KB in common use (20 memberships and 8 sessions are
 * 858 bytes), since each further KB is one more WCU a call.
 *
 * `win`, `n`: the hour and the calls counted in it · `state`: active or disabled · `role` · `ws`: workspace id → role letter · `ss`: session id → session ·
 * `owned`: workspaces it owns · `keys`: API keys it has made and not revoked · `pw`: how often its password was replaced · `lease`: by whom it is being
 * replaced.
 */
export const principalKey = (userId: string): Key => ({ pk: key('PRINCIPAL', userId), sk: 'PRINCIPAL' });

const letters = { viewer: 'v', member: 'm', admin: 'a', owner: 'o' } as const satisfies Record<WorkspaceRole, string>;
const roles: Readonly<Record<string, WorkspaceRole>> = { v: 'viewer', m: 'member', a: 'admin', o: 'owner' };

export const roleLetter = (role: WorkspaceRole): string => letters[role];

export interface Principal {
  role: SystemRole;
  active: boolean;
  memberships: Record<string, WorkspaceRole>;
  /** Session id → what the refresh token's secret hashes to, and when it was made; the shape is identity's. */
  sessions: Record<string, unknown>;
  window: number;
  calls: number;
}

const mapOf = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export function readPrincipal(item: Item): Principal {
  const memberships: Record<string, WorkspaceRole> = {};
  for (const [workspaceId, letter] of Object.entries(mapOf(item['ws']))) {
    const role = roles[String(letter)];
    if (role !== undefined) memberships[workspaceId] = role;
  }
  return {
    role: item['role'] === 'admin' || item['role'] === 'viewer' ? item['role'] : 'user',
    active: item['state'] === 'active',
    memberships,
    sessions: mapOf(item['ss']),
    window: Number(item['win'] ?? 0),
    calls: Number(item['n'] ?? 0),
  };
}

/** The item of a user who has just registered. */
export const newPrincipal = (userId: string, role: SystemRole, now: Date): Item => ({
  ...principalKey(userId),
  state: 'active',
  role,
  ws: {},
  ss: {},
  owned: 0,
  win: windowOf(now),
  n: 0,
});
