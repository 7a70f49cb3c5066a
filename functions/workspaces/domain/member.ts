import { forbidden } from '../../../contracts/errors.ts';
import { roleReaches, type WorkspaceRole } from '../../../contracts/shared/permissions.ts';

/** What a row repeats of its user. */
export interface Profile {
  name: string;
  email: string;
}

export interface Member {
  user_id: string;
  role: WorkspaceRole;
  joined_at: string;
  /** Of the role; a new name or address does not change it. */
  version: number;
  /** Of a row that is seconds old it may not be there yet. */
  profile?: Profile;
}

/** Who acts in a workspace: a member by its role, or one who manages all workspaces. */
export type Actor = WorkspaceRole | 'manager';

/** Admins handle members up to admin; what was or becomes an owner is for owners alone. */
export function assertMayTouch(actor: Actor, ...roles: WorkspaceRole[]): void {
  if (actor === 'manager' || actor === 'owner') return;
  if (!roleReaches(actor, 'admin') || roles.includes('owner')) throw forbidden();
}

/** Of the owners that stay, the one that has been a member for longest; ties go by id. */
export function heirOf(members: readonly Member[], leavingId: string): Member | undefined {
  const owners = members.filter(({ user_id, role }) => role === 'owner' && user_id !== leavingId);
  const rank = ({ joined_at, user_id }: Member) => `${joined_at}#${user_id}`;
  return owners.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}
