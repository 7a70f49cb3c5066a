import { conflict, notFound, stale } from '../../../contracts/errors.ts';
import type { WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import { maxMembershipsPerUser, maxWorkspacesPerUser } from '../../../contracts/workspaces/limits.ts';
import type { Item, Write } from '../table/types.ts';
import { principalKey, roleLetter } from './principal.ts';

// A membership stands twice: as a row of its workspace, and here, where each call of the user finds it without a trip. Both change in one transaction.

const countOf = (old: Item, map: string) => Object.keys((old[map] ?? {}) as object).length;

function refuseGrant(old: Item | undefined, workspaceId: string): Error {
  if (old === undefined) return notFound();
  if (Object.hasOwn((old['ws'] ?? {}) as object, workspaceId)) return conflict('member.exists');
  if (countOf(old, 'ws') >= maxMembershipsPerUser)
    return conflict('member.limit', { params: { max: maxMembershipsPerUser } });
  return conflict('workspace.limit', { params: { max: maxWorkspacesPerUser }, data: { max: maxWorkspacesPerUser } });
}

/** The user enters a workspace, within its limits; with `owns`, as the one whose workspace it is. NOT_FOUND for an unknown user. */
export function grantMembership(
  userId: string,
  workspaceId: string,
  role: WorkspaceRole,
  { owns = false } = {},
): Write {
  return {
    update: principalKey(userId),
    change: {
      text: `SET #ws.#workspace = :letter${owns ? ' ADD #owned :one' : ''}`,
      values: { letter: roleLetter(role), one: 1 },
      names: { workspace: workspaceId },
    },
    condition: {
      text: `attribute_exists(#pk) AND attribute_not_exists(#ws.#workspace) AND size(#ws) < :most${owns ? ' AND #owned < :most_owned' : ''}`,
      values: { most: maxMembershipsPerUser, most_owned: maxWorkspacesPerUser },
      names: { workspace: workspaceId },
    },
    otherwise: (old) => refuseGrant(old, workspaceId),
  };
}

/** With `disowns`, the workspace stops being this user's own. */
export function regradeMembership(
  userId: string,
  workspaceId: string,
  role: WorkspaceRole,
  { disowns = false } = {},
): Write {
  return {
    update: principalKey(userId),
    change: {
      text: `SET #ws.#workspace = :letter${disowns ? ' ADD #owned :minus_one' : ''}`,
      values: { letter: roleLetter(role), minus_one: -1 },
      names: { workspace: workspaceId },
    },
    condition: { text: 'attribute_exists(#ws.#workspace)', names: { workspace: workspaceId } },
    otherwise: stale,
  };
}

export function revokeMembership(userId: string, workspaceId: string, { disowns = false } = {}): Write {
  return {
    update: principalKey(userId),
    change: {
      text: `REMOVE #ws.#workspace${disowns ? ' ADD #owned :minus_one' : ''}`,
      values: { minus_one: -1 },
      names: { workspace: workspaceId },
    },
    condition: { text: 'attribute_exists(#ws.#workspace)', names: { workspace: workspaceId } },
    otherwise: stale,
  };
}

/** A workspace becomes this owner's own, within its limit. */
export function takeOver(userId: string, workspaceId: string): Write {
  return {
    update: principalKey(userId),
    change: { text: 'ADD #owned :one', values: { one: 1 } },
    condition: {
      text: '#ws.#workspace = :letter AND #owned < :most_owned',
      values: { letter: roleLetter('owner'), most_owned: maxWorkspacesPerUser },
      names: { workspace: workspaceId },
    },
    otherwise: (old) =>
      Number(old?.['owned']) >= maxWorkspacesPerUser
        ? conflict('member.no_heir', { params: { max: maxWorkspacesPerUser } })
        : stale(),
  };
}
