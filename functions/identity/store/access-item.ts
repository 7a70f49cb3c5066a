import { readPrincipal } from '../../platform/auth/principal.ts';
import type { Item } from '../../platform/table/types.ts';
import { unpackSession } from '../domain/session-bytes.ts';
import type { Sessions } from '../domain/sessions.ts';
import { passwordChangesOf, type User } from '../domain/user.ts';
import type { Access } from '../ports.ts';

/** The sessions of a principal as it was, for the refusals that plan anew from it. */
export const sessionsIn = (principal: Item): Sessions =>
  Object.fromEntries(
    Object.entries(readPrincipal(principal).sessions).map(([id, entry]) => [id, unpackSession(entry)]),
  );

/** Whether the password was replaced since the user was read. */
export const wasReplaced = (principal: Item, user: User): boolean =>
  Number(principal['pw'] ?? 0) !== passwordChangesOf(user);

export function accessFrom(principal: Item): Access {
  const { role, active, memberships } = readPrincipal(principal);
  const [owned, keys] = [Number(principal['owned'] ?? 0), Number(principal['keys'] ?? 0)];
  return { role, active, memberships, owned, keys, sessions: sessionsIn(principal) };
}
