import type { Route } from '../../../contracts/route.ts';
import { permissionsOf, roleReaches } from '../../../contracts/shared/permissions.ts';
import type { Persona } from './world.ts';

export type Expected = 'allowed' | 'UNAUTHORIZED' | 'FORBIDDEN' | 'NOT_FOUND';

/** What the contract's words on roles say, read off the route's own entry, written apart from the middleware's code. */
export function expectedOf(
  route: Route,
  { person, key, systemRole, workspaceRole }: Persona,
  targetUserId?: string,
): Expected {
  const { who, method } = route;
  if (who.kind === 'anyone') return 'allowed';
  if (person === undefined) return 'UNAUTHORIZED';
  // A key never ends the account that it is of.
  const endsItself = route.id === 'users.delete' && targetUserId === person.id;
  if (key !== undefined && (route.sessionOnly === true || endsItself)) return 'FORBIDDEN';
  const holds = (permission: Parameters<ReturnType<typeof permissionsOf>['includes']>[0]) =>
    permissionsOf(systemRole).includes(permission);
  if (who.kind === 'permission') {
    if (holds(who.permission)) return 'allowed';
    if (who.orSelf !== true) return 'FORBIDDEN';
    return targetUserId === person.id ? 'allowed' : 'NOT_FOUND';
  }
  const account = who.kind === 'caller' && who.account === true;
  if (systemRole === 'viewer' && method !== 'GET' && !account) return 'FORBIDDEN';
  if (who.kind === 'caller') return 'allowed';
  if (who.orPermission !== undefined && holds(who.orPermission)) return 'allowed';
  if (workspaceRole === undefined) return 'NOT_FOUND';
  return roleReaches(workspaceRole, who.role) ? 'allowed' : 'FORBIDDEN';
}
