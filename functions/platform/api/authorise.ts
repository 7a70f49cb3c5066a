import { ApiError, forbidden, notFound } from '../../../contracts/errors.ts';
import { permissionsOf, roleReaches, type WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import type { Caller } from './call.ts';
import type { Exchange } from './exchange.ts';

const holds = (caller: Caller, permission: Parameters<ReturnType<typeof permissionsOf>['includes']>[0]) =>
  permissionsOf(caller.role).includes(permission);

/** Membership decides NOT_FOUND, the role in it FORBIDDEN. A manager is one who acts by permission, not by membership. */
export function enterWorkspace(
  exchange: Exchange,
  caller: Caller,
  workspaceId: string,
  required?: WorkspaceRole,
): WorkspaceRole | 'manager' {
  const { who } = exchange.route;
  if (who.kind !== 'workspace')
    throw new Error(`cannot enter workspace: route ${exchange.route.id} is not of a workspace`);
  if (who.orPermission !== undefined && holds(caller, who.orPermission)) {
    exchange.entered = { workspaceId, as: 'manager' };
    return 'manager';
  }
  const role = Object.hasOwn(caller.memberships, workspaceId) ? caller.memberships[workspaceId] : undefined;
  if (role === undefined) throw notFound();
  // Recorded before the role is judged: a member's refusal stands in its workspace's audit log.
  exchange.entered = { workspaceId, as: role };
  if (!roleReaches(role, required ?? who.role)) throw forbidden();
  return role;
}

const workspaceIn = (place: unknown) => {
  const value = (place as { workspace_id?: unknown } | undefined)?.workspace_id;
  return typeof value === 'string' ? value : undefined;
};

/** Before the input is read: what the role alone decides. */
export function authoriseRole(exchange: Exchange, caller: Caller): void {
  const { who, method, sessionOnly } = exchange.route;
  if (sessionOnly === true && caller.keyId !== undefined) throw forbidden('auth.session_only');
  const ownAccount = who.kind === 'caller' && who.account === true;
  if (who.kind === 'permission' && !holds(caller, who.permission)) {
    // Another user's own: existence is not revealed. Whose it is, is known from the path alone.
    if (who.orSelf !== true) throw forbidden();
    if (exchange.event.pathParameters?.['id'] !== caller.userId) throw notFound();
    return;
  }
  const itself =
    who.kind === 'permission' && who.orSelf === true && exchange.event.pathParameters?.['id'] === caller.userId;
  if (caller.role === 'viewer' && method !== 'GET' && !ownAccount && !itself) throw forbidden();
}

/** After the input is read: the workspace that path, body or query name. One that they leave out is the use case's to find. */
export function authoriseWorkspace(exchange: Exchange, caller: Caller): void {
  const { who } = exchange.route;
  if (who.kind !== 'workspace' || who.at === 'thing') return;
  const { params, query, body } = exchange.input;
  const id = who.at === 'params.id' ? (params as { id: string }).id : workspaceIn(who.at === 'body' ? body : query);
  if (id !== undefined) enterWorkspace(exchange, caller, id);
}

/** A route of a workspace that answered without entering one would have skipped its check: it fails closed. */
export function assertEntered(exchange: Exchange): void {
  const { who, id } = exchange.route;
  const spansWorkspaces = who.kind === 'workspace' && who.at === 'query';
  if (who.kind === 'workspace' && !spansWorkspaces && exchange.entered === undefined) {
    throw new ApiError('INTERNAL_ERROR', 'internal.error', {
      cause: new Error(`route ${id} answers without entering a workspace`),
    });
  }
}
